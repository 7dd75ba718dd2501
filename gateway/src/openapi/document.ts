import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import gateway from '../../package.json' with { type: 'json' };
import { webhookBody } from '@image-organizer/contracts/http/webhook';
import type { Operation } from './operation.ts';
import { operations as all } from './operations/index.ts';
import { problemAnswer, problemAnswers } from './problems.ts';
import { withRateLimit } from './rate-limit-headers.ts';

const description = `Upload images; each is read, understood and put into the right folder of its owner's catalogue.

Log in with \`POST /login\` and send \`Authorization: Bearer <accessToken>\`, or an API token (\`POST /api/tokens\`) with
the scope that the call needs: \`read\` for GET, \`upload\` to bring in images, \`write\` for every other change and
uploads, \`admin\` below /api/admin. Errors are RFC 9457 problem+json with a
stable \`code\`. Lists are paged by \`cursor\`. What belongs to somebody else answers 404. Every answer has \`X-Request-Id\`.
GET also answers HEAD. A field not known yet is null. Whoever asks too often is answered 429 with \`Retry-After\`.`;

const security: Record<NonNullable<Operation['access']>, Record<string, string[]>[]> = {
  token: [{ token: [] }],
  'token-or-link': [{ token: [] }, {}],
  credentials: [{ password: [] }, {}],
  anyone: [],
};

/** What we call: endpoints and callbackUrls, not the API. */
const calledWhenCompleted: ZodOpenApiOperationObject = {
  operationId: 'batchCompleted',
  tags: ['webhooks'],
  summary: 'Every image of an upload or import is organised or has failed',
  description:
    'Signed as Standard Webhooks: webhook-id (the same at every try), webhook-timestamp, webhook-signature.',
  requestBody: { required: true, content: { 'application/json': { schema: webhookBody } } },
  responses: {
    204: { description: 'Any 2xx: it was taken' },
    410: {
      description: 'Gone: the endpoint is switched off. Everything else but 3xx is tried again over 24 hours',
    },
  },
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
    webhooks: { batchCompleted: { post: calledWhenCompleted } },
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
  const responses = { ...notModified(operation), ...answers, ...problemAnswers(operation) };
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(operation.description && { description: operation.description }),
    security: security[access],
    requestParams: { ...(path && { path }), ...(query && { query }), ...(headers && { header: headers }) },
    ...(body && { requestBody: body }),
    responses: { ...(operation.uncounted ? responses : withRateLimit(responses)), 431: problemAnswer(431) },
  };
}

/** Express gives every answer to a GET an ETag and compares it. */
const notModified = ({ method }: Operation): Record<string, ZodOpenApiResponseObject> =>
  method === 'get' ? { 304: { description: 'The client has it (If-None-Match)' } } : {};

function pathParams(path: string): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return names.length ? z.object(Object.fromEntries(names.map((name) => [name, z.uuid()]))) : undefined;
}
