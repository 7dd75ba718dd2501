import type { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiRequestBodyObject } from 'zod-openapi';

/** One route as the document tells it. The tests hold the list of them against what express has registered. */
export interface Operation {
  /** Name of the call in a generated client. */
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** /api/images/{id}; each `{…}` is a UUID unless `params` says otherwise. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** Who may call: with a token (unless said otherwise), with one or by a signed link, with Basic or JSON credentials. */
  access?: 'token' | 'token-or-link' | 'credentials' | 'anyone';
  /** How often it is asked is nobody's concern. */
  uncounted?: true;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: ZodOpenApiRequestBodyObject;
  answers: Record<number, ZodOpenApiResponseObject>;
  /** Statuses of errors, beside those that every call of its kind can have. */
  problems?: number[];
}

/** An answer in JSON. */
export const json = <Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  example: z.output<Schema>,
): ZodOpenApiResponseObject => ({ description, content: { 'application/json': { schema, example } } });

/** A body in JSON that may be left out unless `required`. */
export const jsonBody = <Schema extends z.ZodType>(
  schema: Schema,
  example: z.input<Schema>,
  required = true,
): ZodOpenApiRequestBodyObject => ({ required, content: { 'application/json': { schema, example } } });

/** Bytes: nothing is said of what is in them. */
export const binary = { type: 'string', format: 'binary' } as const;
