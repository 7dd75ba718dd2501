import type { MySqlDatabase } from './mysql-database.ts';
import { revokeAllOf } from './mysql-rotation.ts';
import { insertOnce, type Session } from './mysql-session.ts';
import { findUser } from './mysql-users.ts';
import type { PasswordReset, PasswordStore } from './passwords.ts';
import { toPasswordReset, type PasswordResetRow } from './user-rows.ts';

const insert = (session: Session, { hash, userId, expiresAt }: PasswordReset) =>
  session.run('INSERT INTO password_resets (hash, user_id, expires_at) VALUES (?, ?, ?)', [
    hash,
    userId,
    expiresAt.getTime(),
  ]);

async function findReset(session: Session, hash: string, now: Date, lock: 'FOR UPDATE' | '') {
  const [row] = await session.all<PasswordResetRow>(
    `SELECT * FROM password_resets WHERE hash = ? AND used_at IS NULL AND expires_at > ? ${lock}`,
    [hash, now.getTime()],
  );
  return row && toPasswordReset(row);
}

/** In a transaction. */
async function change(session: Session, userId: string, passwordHash: string, now: Date): Promise<void> {
  await session.run('UPDATE users SET password_hash = ? WHERE id = ?', [passwordHash, userId]);
  await session.run('UPDATE password_resets SET used_at = ? WHERE user_id = ? AND used_at IS NULL', [
    now.getTime(),
    userId,
  ]);
  await revokeAllOf(session, { user_id: userId });
}

/** The owner of a reset whose use has worked without its answer coming through: nobody else has this very hash. */
async function changedBefore(session: Session, hash: string, passwordHash: string) {
  const [row] = await session.all<PasswordResetRow>('SELECT * FROM password_resets WHERE hash = ?', [hash]);
  const user = row && (await findUser(session, 'id', row.user_id));
  return user?.passwordHash === passwordHash ? user : undefined;
}

export const passwordsIn = (database: MySqlDatabase): PasswordStore => ({
  changePassword: ({ userId, passwordHash, now }) =>
    database.transaction((session) => change(session, userId, passwordHash, now)),
  addPasswordReset: (reset) =>
    database.use((session, attempt) => insertOnce(insert(session, reset), attempt)),
  findPasswordReset: (hash, now) => database.use((session) => findReset(session, hash, now, '')),
  redeemPasswordReset: ({ hash, passwordHash, now }) =>
    database.transaction(async (session, attempt) => {
      const reset = await findReset(session, hash, now, 'FOR UPDATE');
      if (!reset) return attempt > 1 ? changedBefore(session, hash, passwordHash) : undefined;
      await change(session, reset.userId, passwordHash, now);
      return findUser(session, 'id', reset.userId);
    }),
});
