import {
  FetchFailedError,
  FetchTimeoutError,
} from '@image-organizer/adapters/http-client/guarded-fetch-errors';
import type { Failure } from '@image-organizer/contracts/vocabulary';
import type { Refusal } from '@image-organizer/pipeline/intake/refusal';
import { StorageUnavailableError } from '@image-organizer/pipeline/intake/storage-unavailable';
import { AppError, messageOf } from '@image-organizer/platform/errors';
import { retryAfterMs } from '@image-organizer/platform/http/retry-after';

/** Why a URL gave no image, and whether it may give one later. */
export class FetchProblem extends Error {
  override name = 'FetchProblem';
  readonly failure: Failure;
  readonly passes: boolean;
  /** What the server asked for, milliseconds. */
  readonly retryAfterMs: number;
  constructor(failure: Failure, { passes = false, retryAfterMs = 0 } = {}) {
    super(failure.detail);
    this.failure = failure;
    this.passes = passes;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What is no image will not become one. */
export const problemOfFile = ({ code, detail }: Refusal) => new FetchProblem({ code, detail });

/** Whatever was thrown. What is not known to be the URL's fault passes. */
export function problemOf(error: unknown): FetchProblem {
  if (error instanceof FetchProblem) return error;
  if (!(error instanceof AppError))
    return new FetchProblem({ code: 'UNEXPECTED', detail: messageOf(error) }, { passes: true });
  const passes = [FetchTimeoutError, FetchFailedError, StorageUnavailableError].some(
    (kind) => error instanceof kind,
  );
  return new FetchProblem({ code: error.code, detail: error.message }, { passes });
}

/** @returns undefined where the answer may hold the image */
export function problemOfStatus(status: number, headers: Headers, now: Date): FetchProblem | undefined {
  if (status >= 200 && status < 300) return undefined;
  const passes = status >= 500 || [408, 425, 429].includes(status);
  const detail = `The server answered ${status}${wordsOf(status)}`;
  const waits = passes ? retryAfterMs(headers, now) : undefined;
  return new FetchProblem(
    { code: `HTTP_${status}`, detail },
    { passes, ...(waits === undefined ? {} : { retryAfterMs: waits }) },
  );
}

function wordsOf(status: number): string {
  if (status === 404 || status === 410) return ': there is nothing at this URL.';
  if (status === 401 || status === 403)
    return ': it does not give this to everybody. Use a URL that needs no login.';
  if (status === 429) return ': it was asked too often.';
  return '.';
}
