import type { Request } from 'express';
import type { z } from 'zod';
import { invalidInput } from './invalid-input.ts';

/** The JSON body; one that is missing counts as empty. @throws InvalidInputError */
export function bodyOf<Body>({ body }: Request, schema: z.ZodType<Body>): Body {
  const parsed = schema.safeParse(body ?? {});
  if (!parsed.success) throw invalidInput('The body is wrong', parsed.error);
  return parsed.data;
}

/** @throws InvalidInputError */
export function queryOf<Query>({ query }: Request, schema: z.ZodType<Query>): Query {
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw invalidInput('The query has wrong parameters', parsed.error);
  return parsed.data;
}
