import type { ApiTokenRecord, ApiTokenStore } from './api-tokens.ts';
import type { MySqlDatabase } from './mysql-database.ts';
import { insertOnce, type Session } from './mysql-session.ts';
import { findUser } from './mysql-users.ts';
import { msOf, toApiToken, type ApiTokenRow } from './user-rows.ts';

const insert = (session: Session, token: ApiTokenRecord) =>
  session.run(
    `INSERT INTO api_tokens (id, user_id, name, hash, scopes, created_at, expires_at, last_used_at, revoked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[token.id, token.userId, token.name, token.hash, token.scopes.join(' '), token.createdAt.getTime()],
      ...[msOf(token.expiresAt), msOf(token.lastUsedAt), msOf(token.revokedAt)],
    ],
  );

export const apiTokensIn = (database: MySqlDatabase): ApiTokenStore => ({
  addApiToken: (token) => database.use((session, attempt) => insertOnce(insert(session, token), attempt)),
  apiTokensOf: (userId) =>
    database.use(async (session) => {
      const rows = await session.all<ApiTokenRow>(
        'SELECT * FROM api_tokens WHERE user_id = ? AND revoked_at IS NULL ORDER BY created_at DESC, id',
        [userId],
      );
      return rows.map(toApiToken);
    }),
  findApiToken: (hash) =>
    database.use(async (session) => {
      const [row] = await session.all<ApiTokenRow>('SELECT * FROM api_tokens WHERE hash = ?', [hash]);
      return row && { token: toApiToken(row), user: (await findUser(session, 'id', row.user_id))! };
    }),
  async noteApiTokenUse({ id, now, coarseMs }) {
    await database.use((session) =>
      session.run(
        'UPDATE api_tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)',
        [now.getTime(), id, now.getTime() - coarseMs],
      ),
    );
  },
  revokeApiToken: ({ id, userId, now }) =>
    database.use(async (session, attempt) => {
      const at = now.getTime();
      const changed = await session.run(
        'UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL',
        [at, id, userId],
      );
      if (changed || attempt === 1) return changed > 0;
      const done = 'SELECT id FROM api_tokens WHERE id = ? AND user_id = ? AND revoked_at = ?';
      return (await session.all(done, [id, userId, at])).length > 0;
    }),
});
