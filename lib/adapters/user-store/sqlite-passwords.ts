import type { Database } from '../sqlite/database.ts';
import type { PasswordStore } from './passwords.ts';
import { toPasswordReset, type PasswordResetRow } from './user-rows.ts';
import type { User } from './user-store.ts';

export function passwordsIn(
  database: Database,
  findUser: (id: string) => User | undefined,
): PasswordStore & { revokeRefreshTokens(userId: string): void } {
  const revokeRefreshTokens = (userId: string) =>
    void database.run('UPDATE refresh_tokens SET revoked = 1 WHERE user_id = :userId', { userId });

  const findReset = (hash: string, now: Date) => {
    const row = database.get<PasswordResetRow>(
      'SELECT * FROM password_resets WHERE hash = :hash AND used_at IS NULL AND expires_at > :now',
      { hash, now: now.getTime() },
    );
    return row && toPasswordReset(row);
  };

  const change = (userId: string, passwordHash: string, now: Date) => {
    database.run('UPDATE users SET password_hash = :passwordHash WHERE id = :userId', {
      userId,
      passwordHash,
    });
    database.run('UPDATE password_resets SET used_at = :now WHERE user_id = :userId AND used_at IS NULL', {
      userId,
      now: now.getTime(),
    });
    revokeRefreshTokens(userId);
  };

  return {
    revokeRefreshTokens,
    changePassword: async ({ userId, passwordHash, now }) =>
      database.transaction(() => change(userId, passwordHash, now)),
    async addPasswordReset({ hash, userId, expiresAt }) {
      database.run(
        'INSERT INTO password_resets (hash, user_id, expires_at) VALUES (:hash, :userId, :expiresAt)',
        { hash, userId, expiresAt: expiresAt.getTime() },
      );
    },
    findPasswordReset: async (hash, now) => findReset(hash, now),
    redeemPasswordReset: async ({ hash, passwordHash, now }) =>
      database.transaction(() => {
        const reset = findReset(hash, now);
        if (!reset) return undefined;
        change(reset.userId, passwordHash, now);
        return findUser(reset.userId);
      }),
  };
}
