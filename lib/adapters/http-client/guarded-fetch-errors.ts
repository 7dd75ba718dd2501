import { AppError, type ErrorKind } from '@image-organizer/platform/errors';
import { hasCode } from '../durable-files.ts';

/** A URL that is not asked at all: not http(s), another port, with a password, or no URL. */
export class ForbiddenUrlError extends AppError {
  readonly code = 'URL_FORBIDDEN';
  readonly kind: ErrorKind = 'invalid';
}

/** Does not say which address: a stranger must not learn how names resolve in here. */
export class ForbiddenAddressError extends AppError {
  readonly code = 'ADDRESS_FORBIDDEN';
  readonly kind: ErrorKind = 'invalid';
  constructor(hostname: string) {
    super(`${hostname} is no public address of the internet. Use one that everybody can reach.`);
  }
}

export class ResponseTooLargeError extends AppError {
  readonly code = 'RESPONSE_TOO_LARGE';
  readonly kind: ErrorKind = 'too-large';
  constructor(maxBytes: number) {
    super(`The answer is larger than ${maxBytes} bytes.`);
  }
}

export class TooManyRedirectsError extends AppError {
  readonly code = 'TOO_MANY_REDIRECTS';
  readonly kind: ErrorKind = 'unprocessable';
  constructor(most: number) {
    super(`It redirects more than ${most} times. Give the URL that it leads to.`);
  }
}

export class FetchTimeoutError extends AppError {
  readonly code = 'FETCH_TIMEOUT';
  readonly kind: ErrorKind = 'unavailable';
  constructor(timeoutMs: number) {
    super(`The server did not answer completely within ${timeoutMs / 1000} seconds.`);
  }
}

/** Nothing answered, or not as HTTP says. It may work later. */
export class FetchFailedError extends AppError {
  readonly code = 'FETCH_FAILED';
  readonly kind: ErrorKind = 'unavailable';
  constructor(cause: unknown) {
    super(`The server could not be asked: ${reasonOf(cause)}.`, { cause });
  }
}

const reasons: [codes: string[], reason: string][] = [
  [['ENOTFOUND', 'ENODATA'], 'its name is not known'],
  [['EAI_AGAIN', 'ESERVFAIL'], 'its name cannot be looked up right now'],
  [['ECONNREFUSED'], 'it refuses the connection'],
  [['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'], 'it cannot be reached'],
  [['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ERR_STREAM_PREMATURE_CLOSE'], 'it cut the connection'],
  [['ERR_TLS_CERT_ALTNAME_INVALID'], 'its certificate is for another name'],
  [['CERT_HAS_EXPIRED'], 'its certificate has expired'],
];

function reasonOf(error: unknown): string {
  const known = reasons.find(([codes]) => hasCode(error, ...codes));
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'it answers in no way that HTTP knows';
  return known?.[1] ?? (/CERT|SIGNED|TLS|SSL/.test(code) ? `its certificate is not trusted (${code})` : code);
}
