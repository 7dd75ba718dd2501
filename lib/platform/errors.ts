/** What kind of wrong it is; the HTTP layer alone turns it into a status number. */
export type ErrorKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'too-large'
  | 'unsupported'
  | 'range-not-satisfiable'
  | 'unprocessable'
  | 'too-many-requests'
  | 'unavailable';

/** An error whose message is meant for the person or program that caused it: what happened, to what, what to do. */
export abstract class AppError extends Error {
  /** UPPER_SNAKE_CASE, stable: clients test it. */
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;
  /** Seconds after which it may work, for the Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** One entry per wrong field, where several are wrong at once. */
  readonly fields?: { field: string; detail: string }[];

  constructor(detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = new.target.name;
  }
}

/** The input is wrong in one or more fields. */
export class InvalidInputError extends AppError {
  readonly code = 'INVALID_INPUT';
  readonly kind = 'invalid';
  override readonly fields: { field: string; detail: string }[];
  constructor(detail: string, fields: { field: string; detail: string }[] = []) {
    super(detail);
    this.fields = fields;
  }
}

/** Work that cannot succeed however often it is tried: a damaged file. The stage fails at once, with this reason. */
export class PermanentError extends Error {
  override name = 'PermanentError';
  readonly code: string;
  constructor(code: string, detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.code = code;
  }
}

/** Not now, and not this work's fault: try again after the delay, without spending an attempt. */
export class PostponedError extends Error {
  override name = 'PostponedError';
  readonly delayMs: number;
  constructor(reason: string, delayMs: number) {
    super(reason);
    this.delayMs = delayMs;
  }
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
