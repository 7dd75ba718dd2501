import type { Problem } from '@image-organizer/contracts/http/problem';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { AppError, messageOf, type ErrorKind } from '../errors.ts';
import type { Log } from '../log.ts';

/** The one place where an error becomes a status number. */
const statusOf: Record<ErrorKind, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  unsupported: 415,
  'range-not-satisfiable': 416,
  unprocessable: 422,
  'too-many-requests': 429,
  unavailable: 503,
};

class NoSuchRouteError extends AppError {
  readonly code = 'NO_SUCH_ROUTE';
  readonly kind = 'not-found';
}

export const noSuchRoute: RequestHandler = (request, _response, next) =>
  next(new NoSuchRouteError(`There is nothing at ${request.method} ${request.path}.`));

/** What express and its body parsers throw: an error with a client's status number and, mostly, a safe message. */
const clientStatusOf = (error: unknown): number | undefined => {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
};

const titleOf = (code: string) => {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The body of an error's answer, RFC 9457. */
export const problemJson = ({ status, code, ...rest }: Omit<Problem, 'type' | 'title'>): string =>
  JSON.stringify({
    type: `urn:image-organizer:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: titleOf(code),
    ...{ status, code, ...rest },
  });

/** Every error becomes RFC 9457 problem+json. What is no AppError is a bug: logged whole, told as 500 without detail. */
export function problemMiddleware(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const known = error instanceof AppError ? error : undefined;
    const clientStatus = known ? undefined : clientStatusOf(error);
    const status = known ? statusOf[known.kind] : (clientStatus ?? 500);
    const code = known?.code ?? (clientStatus ? 'BAD_REQUEST' : 'INTERNAL_ERROR');
    if (status >= 500) log.error({ err: error, requestId: request.id, path: request.path }, 'request failed');
    if (response.headersSent) return next(error); // express cuts the connection: the client sees the answer is incomplete
    if (known?.retryAfterSeconds !== undefined) response.set('Retry-After', String(known.retryAfterSeconds));
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    response
      .status(status)
      .type('application/problem+json')
      .send(
        problemJson({
          status,
          detail:
            known || clientStatus
              ? messageOf(error)
              : 'Something went wrong here; the log has it under this request id.',
          code,
          ...(known?.fields?.length ? { errors: known.fields } : {}),
          requestId: request.id ?? null,
        }),
      );
  };
}
