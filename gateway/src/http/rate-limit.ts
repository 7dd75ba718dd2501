import { AppError } from '@image-organizer/platform/errors';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Account } from './authenticate.ts';

export class TooManyRequestsError extends AppError {
  readonly code = 'TOO_MANY_REQUESTS';
  readonly kind = 'too-many-requests';
  override readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`There were too many requests: try again in ${retryAfterSeconds} seconds.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface RateLimits {
  /** Of one credential (an access token's account, an API token), requests per minute; 0: no limit. */
  rateLimitPerMinute: number;
  /** Of one address, requests per minute without a valid credential; 0: no limit. */
  rateLimitPerAddress: number;
}

/**
 * Counts requests in the memory of this replica (ADR 10) and refuses those beyond the limit with 429. Every counted
 * answer has RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-08).
 */
export function createRateLimit({ rateLimitPerMinute, rateLimitPerAddress }: RateLimits) {
  const ofCredential = limit('credential', rateLimitPerMinute, credentialOf);
  const ofAddress = limit('address', rateLimitPerAddress, addressOf);

  /** Behind `check`: who passes it is counted by the credential, who fails it by the address. */
  const after =
    (check: RequestHandler): RequestHandler =>
    async (request, response, next) => {
      const failure = await outcomeOf(check, request, response);
      if (failure === undefined) return ofCredential(request, response, next);
      if (!isRefusal(failure)) return next(failure);
      return ofAddress(request, response, (refused?: unknown) => next(refused ?? failure));
    };
  return { ofAddress, after };
}

const windowMs = 60_000;

function limit(
  identifier: string,
  perMinute: number,
  keyGenerator: (request: Request, response: Response) => string,
): RequestHandler {
  if (perMinute === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs,
    limit: perMinute,
    identifier,
    keyGenerator,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response, next) =>
      next(new TooManyRequestsError(Number(response.getHeader('Retry-After')))),
  });
}

/** A signed link is no account's: it may have been passed on, so whoever holds it counts by the address. */
function credentialOf(request: Request, { locals }: Response): string {
  const { tokenId, account } = locals as { tokenId?: string; account?: Account };
  return tokenId ?? account?.id ?? addressOf(request);
}

/** Who has one IPv6 address has the /64 around it. */
const addressOf = ({ ip = '' }: Request): string => ipKeyGenerator(ip, 64);

/** @returns what `check` failed with; undefined where it lets the request pass */
const outcomeOf = (check: RequestHandler, request: Request, response: Response): Promise<unknown> =>
  new Promise((resolve) => {
    void Promise.resolve()
      .then(() => check(request, response, resolve))
      .catch(resolve);
  });

/** Of the credential, not of a server that is down. */
const isRefusal = (failure: unknown) =>
  failure instanceof AppError && ['unauthorized', 'forbidden'].includes(failure.kind);
