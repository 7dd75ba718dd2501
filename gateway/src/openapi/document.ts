import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import gateway from '../../package.json' with { type: 'json' };
import type { Operation } from './operation.ts';
import { operations as all } from './operations/index.ts';
import { problemAnswers } from './problems.ts';

const description = `Upload images; each is read, understood and put into the right folder of its owner's catalogue.

Log in with \`POST /login\` and send \`Authorization: Bearer <accessToken>\`. Errors are RFC 9457 problem+json with a
stable \`code\`. Lists are paged by \`cursor\`. What belongs to somebody else answers 404. Every answer has \`X-Request-Id\`.
GET also answers HEAD. A field not known yet is null.`;

const security: Record<NonNullable<Operation['access']>, Record<string, string[]>[]> = {
  token: [{ token: [] }],
  'token-or-link': [{ token: [] }, {}],
  credentials: [{ password: [] }, {}],
  anyone: [],
};

export type ApiDocument = ReturnType<typeof createApiDocument>;

/** OpenAPI 3.1 of every route, made of the very schemas that the code parses and answers with. */
export const createApiDocument = (operations: Operation[] = all) =>
  createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Image Organizer',
      version: gateway.version,
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: pathsOf(operations),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        password: { type: 'http', scheme: 'basic' },
      },
    },
  });

function pathsOf(operations: Operation[]) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation);
  return paths;
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const { id, tag, summary, access = 'token', params, query, headers, body, answers } = operation;
  const path = params ?? pathParams(operation.path);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(operation.description && { description: operation.description }),
    security: security[access],
    requestParams: { ...(path && { path }), ...(query && { query }), ...(headers && { header: headers }) },
    ...(body && { requestBody: body }),
    responses: { ...notModified(operation), ...answers, ...problemAnswers(operation) },
  };
}

/** Express gives every answer to a GET an ETag and compares it. */
const notModified = ({ method }: Operation) =>
  method === 'get' ? { 304: { description: 'The client has it (If-None-Match)' } } : {};

function pathParams(path: string): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return names.length ? z.object(Object.fromEntries(names.map((name) => [name, z.uuid()]))) : undefined;
}
