import type { ApiTokenRecord } from '@image-organizer/adapters/user-store/api-tokens';
import type { User, UserStore } from '@image-organizer/adapters/user-store/user-store';
import { apiTokenPrefix, type Scope } from '@image-organizer/contracts/http/api-token';
import {
  InvalidAccessTokenError,
  type AccessTokenVerifier,
} from '@image-organizer/platform/access-token-verifier';
import type { Clock } from '@image-organizer/platform/clock';
import { hashOf } from './secret-text.ts';

/** Who asks, as the store has them now. */
export interface Caller {
  user: User;
  /** Null: a login. */
  scopes: Scope[] | null;
}

/** An API token that can be used now. */
export interface UsableApiToken {
  token: ApiTokenRecord;
  user: User;
  /** Without `admin` where the owner is none any more. */
  scopes: Scope[];
}

/** @returns undefined: unknown, revoked, expired, or of somebody who is disabled */
export async function findUsableApiToken(
  { users, clock }: { users: UserStore; clock: Clock },
  hash: string,
): Promise<UsableApiToken | undefined> {
  const found = await users.findApiToken(hash);
  if (!found || found.token.revokedAt || found.user.disabled) return undefined;
  const { token, user } = found;
  if (token.expiresAt && token.expiresAt <= clock.now()) return undefined;
  return { token, user, scopes: token.scopes.filter((scope) => scope !== 'admin' || user.role === 'admin') };
}

interface Dependencies {
  users: UserStore;
  clock: Clock;
  accessTokens: AccessTokenVerifier;
}

/**
 * Finds out who a token stands for. @returns of a token that is what it says
 * @throws InvalidAccessTokenError, AccessTokenExpiredError
 */
export const createFindCaller =
  ({ users, clock, accessTokens }: Dependencies) =>
  async (token: string): Promise<Caller> => {
    if (token.startsWith(apiTokenPrefix)) {
      const usable = await findUsableApiToken({ users, clock }, hashOf(token));
      if (!usable) throw new InvalidAccessTokenError();
      return { user: usable.user, scopes: usable.scopes };
    }
    const { sub } = await accessTokens.verify(token);
    const user = await users.findUser(sub);
    if (!user || user.disabled) throw new InvalidAccessTokenError();
    return { user, scopes: null };
  };
