import type { Invite, InviteStore } from './invites.ts';
import type { MySqlDatabase } from './mysql-database.ts';
import { insertOnce, type Session } from './mysql-session.ts';
import { addUser, isThere } from './mysql-users.ts';
import { msOf, toInvite, type InviteRow } from './user-rows.ts';

const insert = (session: Session, { id, hash, email, role, createdAt, expiresAt, usedAt }: Invite) =>
  session.run(
    'INSERT INTO invites (id, hash, email, role, created_at, expires_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    [id, hash, email, role, createdAt.getTime(), expiresAt.getTime(), msOf(usedAt)],
  );

export const invitesIn = (database: MySqlDatabase): InviteStore => ({
  addInvite: (invite) => database.use((session, attempt) => insertOnce(insert(session, invite), attempt)),
  openInvites: (now, most) =>
    database.use(async (session) => {
      const rows = await session.command<InviteRow[]>( // LIMIT cannot be a parameter of a prepared statement
        `SELECT * FROM invites WHERE used_at IS NULL AND expires_at > ?
         ORDER BY created_at DESC, id LIMIT ?`,
        [now.getTime(), most],
      );
      return rows.map(toInvite);
    }),
  findInvite: (hash) =>
    database.use(async (session) => {
      const [row] = await session.all<InviteRow>('SELECT * FROM invites WHERE hash = ?', [hash]);
      return row && toInvite(row);
    }),
  redeemInvite: ({ hash, user, now }) =>
    database.transaction(async (session, attempt) => {
      const used = await session.run(
        'UPDATE invites SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ?',
        [now.getTime(), hash, now.getTime()],
      );
      if (used === 0) return attempt > 1 && isThere(session, user);
      await addUser(session, user, 1);
      return true;
    }),
  removeInvite: (id) =>
    database.use(async (session, attempt) => {
      const removed = await session.run('DELETE FROM invites WHERE id = ? AND used_at IS NULL', [id]);
      return removed > 0 || attempt > 1;
    }),
  deleteExpiredLinks: (now) =>
    database.use(async (session) => {
      const invites = await session.run('DELETE FROM invites WHERE expires_at < ?', [now.getTime()]);
      return (
        invites + (await session.run('DELETE FROM password_resets WHERE expires_at < ?', [now.getTime()]))
      );
    }),
});
