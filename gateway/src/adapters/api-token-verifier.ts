import { createHash } from 'node:crypto';
import type { ApiTokenClaims } from '@image-organizer/contracts/http/api-token';
import { InvalidAccessTokenError } from '@image-organizer/platform/access-token-verifier';
import type { Clock } from '@image-organizer/platform/clock';
import { LRUCache } from 'lru-cache';

export interface ApiTokenVerifier {
  /** @throws InvalidAccessTokenError, AuthUnavailableError */
  verify(token: string): Promise<ApiTokenClaims>;
}

interface Dependencies {
  /** What auth says of the hash; undefined: it is good for nothing. */
  fetchClaims: (hash: string) => Promise<ApiTokenClaims | undefined>;
  clock: Clock;
}

/** A token that was revoked works for so long at most, and auth is asked no more often about one. */
const rememberedMs = 30_000;
const mostRemembered = 10_000;

/** Asks auth about API tokens, by their hash: their text goes no further than this process. */
export function createApiTokenVerifier({ fetchClaims, clock }: Dependencies): ApiTokenVerifier {
  const nowMs = () => clock.now().getTime();
  const claimsOf = new LRUCache<string, ApiTokenClaims>({
    max: mostRemembered,
    ttl: rememberedMs,
    ttlResolution: 0,
    perf: { now: nowMs },
    fetchMethod: fetchClaims, // of requests at once, one asks
  });
  return {
    async verify(token) {
      const claims = await claimsOf.fetch(createHash('sha256').update(token).digest('hex'));
      const expired = claims?.expiresAt && Date.parse(claims.expiresAt) <= nowMs();
      if (!claims || expired) throw new InvalidAccessTokenError();
      return claims;
    },
  };
}
