import { InvalidInputError } from '@image-organizer/platform/errors';
import type { z } from 'zod';

/** @param what begins the sentence. @throws InvalidInputError naming each wrong field, no value */
export function parse<Output>(schema: z.ZodType<Output>, given: unknown, what: string): Output {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), detail: message }));
  const names = [...new Set(fields.map(({ field }) => field))].filter(Boolean).join(', ');
  throw new InvalidInputError(names ? `${what}: ${names}.` : `${what}.`, fields);
}

/** As JSON. @throws InvalidInputError */
export const bodyOf = <Output>({ body }: { body?: unknown }, schema: z.ZodType<Output>): Output =>
  parse(schema, body, 'The body is wrong');
