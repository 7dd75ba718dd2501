import type { Database } from '../sqlite/database.ts';
import type { InviteStore } from './invites.ts';
import { toInvite, type InviteRow } from './user-rows.ts';
import type { User } from './user-store.ts';

/** @param insertUser @throws EmailTakenError */
export const invitesIn = (database: Database, insertUser: (user: User) => void): InviteStore => ({
  async addInvite({ id, hash, email, role, createdAt, expiresAt, usedAt }) {
    database.run(
      `INSERT INTO invites (id, hash, email, role, created_at, expires_at, used_at)
       VALUES (:id, :hash, :email, :role, :createdAt, :expiresAt, :usedAt)`,
      {
        ...{ id, hash, email, role, createdAt: createdAt.getTime(), expiresAt: expiresAt.getTime() },
        usedAt: usedAt && usedAt.getTime(),
      },
    );
  },
  openInvites: async (now, most) =>
    database
      .all<InviteRow>(
        `SELECT * FROM invites WHERE used_at IS NULL AND expires_at > :now
         ORDER BY created_at DESC, id LIMIT :most`,
        { now: now.getTime(), most },
      )
      .map(toInvite),
  async findInvite(hash) {
    const row = database.get<InviteRow>('SELECT * FROM invites WHERE hash = :hash', { hash });
    return row && toInvite(row);
  },
  redeemInvite: async ({ hash, user, now }) =>
    database.transaction(() => {
      const used = database.run(
        'UPDATE invites SET used_at = :now WHERE hash = :hash AND used_at IS NULL AND expires_at > :now',
        { hash, now: now.getTime() },
      );
      if (used) insertUser(user);
      return used > 0;
    }),
  removeInvite: async (id) =>
    database.run('DELETE FROM invites WHERE id = :id AND used_at IS NULL', { id }) > 0,
  deleteExpiredLinks: async (before) => {
    const now = before.getTime();
    return (
      database.run('DELETE FROM invites WHERE expires_at < :now', { now }) +
      database.run('DELETE FROM password_resets WHERE expires_at < :now', { now })
    );
  },
});
