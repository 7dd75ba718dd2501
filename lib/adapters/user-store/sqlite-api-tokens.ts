import type { Database } from '../sqlite/database.ts';
import type { ApiTokenStore } from './api-tokens.ts';
import { msOf, toApiToken, type ApiTokenRow } from './user-rows.ts';
import type { User } from './user-store.ts';

export const apiTokensIn = (
  database: Database,
  findUser: (id: string) => User | undefined,
): ApiTokenStore => ({
  async addApiToken({ id, userId, name, hash, scopes, createdAt, expiresAt, lastUsedAt, revokedAt }) {
    database.run(
      `INSERT INTO api_tokens (id, user_id, name, hash, scopes, created_at, expires_at, last_used_at, revoked_at)
       VALUES (:id, :userId, :name, :hash, :scopes, :createdAt, :expiresAt, :lastUsedAt, :revokedAt)`,
      {
        ...{ id, userId, name, hash, scopes: scopes.join(' '), createdAt: createdAt.getTime() },
        ...{ expiresAt: msOf(expiresAt), lastUsedAt: msOf(lastUsedAt), revokedAt: msOf(revokedAt) },
      },
    );
  },
  apiTokensOf: async (userId) =>
    database
      .all<ApiTokenRow>(
        'SELECT * FROM api_tokens WHERE user_id = :userId AND revoked_at IS NULL ORDER BY created_at DESC, id',
        { userId },
      )
      .map(toApiToken),
  async findApiToken(hash) {
    const row = database.get<ApiTokenRow>('SELECT * FROM api_tokens WHERE hash = :hash', { hash });
    return row && { token: toApiToken(row), user: findUser(row.user_id)! };
  },
  async noteApiTokenUse({ id, now, coarseMs }) {
    database.run(
      `UPDATE api_tokens SET last_used_at = :now
       WHERE id = :id AND (last_used_at IS NULL OR last_used_at <= :notedBefore)`,
      { id, now: now.getTime(), notedBefore: now.getTime() - coarseMs },
    );
  },
  async revokeApiToken({ id, userId, now }) {
    const changed = database.run(
      'UPDATE api_tokens SET revoked_at = :now WHERE id = :id AND user_id = :userId AND revoked_at IS NULL',
      { id, userId, now: now.getTime() },
    );
    return changed > 0;
  },
});
