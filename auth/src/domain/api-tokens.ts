import { randomUUID } from 'node:crypto';
import type { ApiTokenRecord } from '@image-organizer/adapters/user-store/api-tokens';
import type { User, UserStore } from '@image-organizer/adapters/user-store/user-store';
import {
  apiTokenPrefix,
  type ApiToken,
  type ApiTokenClaims,
  type CreatedApiToken,
  type NewApiToken,
} from '@image-organizer/contracts/http/api-token';
import { AdminRequiredError } from '@image-organizer/platform/access-errors';
import type { Clock } from '@image-organizer/platform/clock';
import { InvalidInputError } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { findUsableApiToken } from './caller.ts';
import { ApiTokenNotFoundError, TooManyApiTokensError } from './errors.ts';
import { newSecretText } from './secret-text.ts';

/** Of one user. */
const mostTokens = 100;
/** How exact `lastUsedAt` is. */
const coarseMs = 60_000;

export type ApiTokens = ReturnType<typeof createApiTokens>;

/** Tokens for programs: made, listed, revoked and checked. */
export const createApiTokens = (dependencies: { users: UserStore; clock: Clock; log: Log }) => {
  const { users, clock, log } = dependencies;
  return {
    /** @throws InvalidInputError, AdminRequiredError, TooManyApiTokensError */
    async create(user: User, { name, scopes, expiresAt }: NewApiToken): Promise<CreatedApiToken> {
      const now = clock.now();
      const expires = expiresAt ? new Date(expiresAt) : null;
      if (expires && expires <= now)
        throw new InvalidInputError('The token would have expired already: expiresAt.', [
          { field: 'expiresAt', detail: 'lies in the past' },
        ]);
      if (scopes.includes('admin') && user.role !== 'admin') throw new AdminRequiredError();
      if ((await users.apiTokensOf(user.id)).length >= mostTokens)
        throw new TooManyApiTokensError(mostTokens);
      const { text, hash } = newSecretText(apiTokenPrefix);
      const token: ApiTokenRecord = {
        ...{ id: randomUUID(), userId: user.id, name, hash, scopes },
        ...{ createdAt: now, expiresAt: expires, lastUsedAt: null, revokedAt: null },
      };
      await users.addApiToken(token);
      log.info({ userId: user.id, tokenId: token.id, scopes }, 'made an API token');
      return { ...viewOf(token), token: text };
    },

    list: async (user: User): Promise<ApiToken[]> => (await users.apiTokensOf(user.id)).map(viewOf),

    /** @throws ApiTokenNotFoundError */
    async revoke(user: User, id: string): Promise<void> {
      const revoked = await users.revokeApiToken({ id, userId: user.id, now: clock.now() });
      if (!revoked) throw new ApiTokenNotFoundError();
      log.info({ userId: user.id, tokenId: id }, 'revoked an API token');
    },

    /** What a token may do, and a note that it is used. @throws ApiTokenNotFoundError */
    async verify(hash: string): Promise<ApiTokenClaims> {
      const usable = await findUsableApiToken(dependencies, hash);
      if (!usable) throw new ApiTokenNotFoundError();
      const { token, user, scopes } = usable;
      await users.noteApiTokenUse({ id: token.id, now: clock.now(), coarseMs });
      const { id: sub, email, role, quota } = user;
      const expiresAt = token.expiresAt?.toISOString() ?? null;
      return { sub, email, role, quota, tokenId: token.id, scopes, expiresAt };
    },
  };
};

const viewOf = ({ id, name, scopes, createdAt, expiresAt, lastUsedAt }: ApiTokenRecord): ApiToken => ({
  ...{ id, name, scopes, createdAt: createdAt.toISOString() },
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
