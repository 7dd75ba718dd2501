import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  accessTokenAudience,
  accessTokenClaims,
  accessTokenIssuer,
  jwks,
  type AccessTokenClaims,
  type Jwks,
} from '@image-organizer/contracts/http/access-token';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import jwt from 'jsonwebtoken';
import { z } from 'zod';

export class AccessTokenExpiredError extends AppError {
  readonly code = 'TOKEN_EXPIRED';
  readonly kind = 'unauthorized';
  constructor(options?: { cause?: unknown }) {
    super('The access token has expired: refresh it, or log in again.', options);
  }
}

/** Forged, damaged or made for somebody else: which of them is nobody's business. */
export class InvalidAccessTokenError extends AppError {
  readonly code = 'INVALID_TOKEN';
  readonly kind = 'unauthorized';
  constructor(options?: { cause?: unknown }) {
    super('The access token is not valid: log in again.', options);
  }
}

export class SigningKeysUnavailableError extends AppError {
  readonly code = 'SIGNING_KEYS_UNAVAILABLE';
  readonly kind = 'unavailable';
  override readonly retryAfterSeconds = 5;
  constructor(options?: { cause?: unknown }) {
    super('Access tokens cannot be checked at this moment: try again in 5 seconds.', options);
  }
}

export interface AccessTokenVerifier {
  /** @throws AccessTokenExpiredError, InvalidAccessTokenError, SigningKeysUnavailableError */
  verify(token: string): Promise<AccessTokenClaims>;
}

interface Dependencies {
  /** GET /.well-known/jwks.json of auth; what it answers is checked here. */
  fetchJwks: () => Promise<Jwks>;
  clock: Clock;
}

/** Made-up kids make no more than one request to auth in this time. */
const refetchAfterMs = 30_000;

/** A token without an expiry would live for ever; jsonwebtoken itself lets it pass. */
const expiringClaims = accessTokenClaims.extend({ exp: z.int() });

/** The public keys by kid. A failed fetch does not count towards the 30 s, so that auth's return is noticed at once. */
function createKeyCache({ fetchJwks, clock }: Dependencies) {
  let keys = new Map<string, KeyObject>();
  let fetchedAt = -Infinity;
  let fetching: Promise<void> | undefined;

  const fetchKeys = async () => {
    const answer = jwks.parse(await fetchJwks());
    keys = new Map(answer.keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
    fetchedAt = clock.now().getTime();
  };
  const refetch = () => (fetching ??= fetchKeys().finally(() => (fetching = undefined)));

  return async (kid: string): Promise<KeyObject | undefined> => {
    if (!keys.has(kid) && (fetching || clock.now().getTime() - fetchedAt >= refetchAfterMs)) await refetch();
    return keys.get(kid);
  };
}

/** The kid of the header, which is not verified yet. */
function kidOf(token: string): string {
  try {
    const kid: unknown = jwt.decode(token, { complete: true })?.header.kid;
    if (typeof kid === 'string') return kid;
  } catch (cause) {
    throw new InvalidAccessTokenError({ cause });
  }
  throw new InvalidAccessTokenError();
}

function claimsOf(token: string, key: KeyObject, now: Date): AccessTokenClaims {
  try {
    const payload = jwt.verify(token, key, {
      algorithms: ['RS256'],
      issuer: accessTokenIssuer,
      audience: accessTokenAudience,
      clockTimestamp: Math.floor(now.getTime() / 1000),
    });
    return accessTokenClaims.parse(expiringClaims.parse(payload));
  } catch (cause) {
    if (cause instanceof jwt.TokenExpiredError) throw new AccessTokenExpiredError({ cause });
    throw new InvalidAccessTokenError({ cause });
  }
}

/** Checks access tokens with auth's public keys alone: RS256, our issuer, our audience, a key that auth publishes. */
export function createAccessTokenVerifier({ fetchJwks, clock }: Dependencies): AccessTokenVerifier {
  const keyOf = createKeyCache({ fetchJwks, clock });
  return {
    async verify(token) {
      const kid = kidOf(token);
      const key = await keyOf(kid).catch((cause: unknown) => {
        throw new SigningKeysUnavailableError({ cause });
      });
      if (!key) throw new InvalidAccessTokenError();
      return claimsOf(token, key, clock.now());
    },
  };
}
