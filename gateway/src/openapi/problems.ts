import { problem, type Problem } from '@image-organizer/contracts/http/problem';
import type { ZodOpenApiResponseObject } from 'zod-openapi';
import type { Operation } from './operation.ts';

/** What each status of an error means here, with a code that such an answer can have. */
const meanings: Record<number, [description: string, code: string, detail: string]> = {
  400: ['The request is malformed', 'INVALID_INPUT', 'The query has wrong parameters: limit.'],
  401: ['Not logged in', 'UNAUTHORIZED', 'Log in (POST /login) and send the access token.'],
  403: ['Not allowed', 'MISSING_SCOPE', 'This API token may not do that: it needs the scope write.'],
  404: ['There is no such thing, or it is somebody else’s', 'IMAGE_NOT_FOUND', 'There is no such image.'],
  409: ['Not in this state', 'NOTHING_TO_RETRY', 'No stage of the image has failed.'],
  413: ['Too large', 'FILE_TOO_LARGE', 'The file is larger than 52428800 bytes.'],
  415: ['Of a type that is not read', 'UNSUPPORTED_IMAGE', 'The file is no image that can be read.'],
  416: [
    'The range is not there',
    'RANGE_NOT_SATISFIABLE',
    'The range begins behind the end: there are 1024 bytes.',
  ],
  422: ['Understood and refused', 'EMPTY_FILE', 'The file is empty.'],
  429: ['Too many requests', 'TOO_MANY_REQUESTS', 'There were too many requests: try again in 12 seconds.'],
  431: ['URL and headers are too long', 'HEADERS_TOO_LARGE', 'They are longer than 16 KB together.'],
  500: ['A fault here; the log has it', 'INTERNAL_ERROR', 'Something went wrong here.'],
  503: ['A server is not there; try again', 'SIGNING_KEYS_UNAVAILABLE', 'Try again in 5 seconds.'],
};

/** Every error that the operation can answer, RFC 9457, by status. */
export function problemAnswers(operation: Operation): Record<string, ZodOpenApiResponseObject> {
  const statuses = new Set([...commonProblems(operation), ...(operation.problems ?? [])]);
  return Object.fromEntries([...statuses].map((status) => [String(status), problemAnswer(status)]));
}

function* commonProblems({ access = 'token', uncounted, path, query, headers, body }: Operation) {
  yield 500;
  if (!uncounted) yield 429;
  if (access !== 'anyone') yield* [401, 503];
  if (access.startsWith('token')) yield 403; // a scope that the API token has not
  if (path.includes('{')) yield* [400, 404];
  if (query || headers) yield 400;
  if (body) yield* [400, 413, 415];
}

export function problemAnswer(status: number): ZodOpenApiResponseObject {
  const [description, code, detail] = meanings[status]!;
  const example: Problem = {
    type: `urn:image-organizer:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: description,
    status,
    detail,
    code,
    requestId: '0190a5e0-0000-7000-8000-00000000000f',
  };
  return { description, content: { 'application/problem+json': { schema: problem, example } } };
}
