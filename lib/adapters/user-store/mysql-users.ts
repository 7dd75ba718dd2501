import { duplicateKeyOf } from './mysql-errors.ts';
import { revokeAllOf } from './mysql-rotation.ts';
import type { Session } from './mysql-session.ts';
import { mayLose, toUser, type UserRow } from './user-rows.ts';
import { EmailTakenError, LastAdminError, type User, type UserChange } from './user-store.ts';

export async function findUser(session: Session, column: 'id' | 'email_lower', value: string) {
  const [row] = await session.all<UserRow>(`SELECT * FROM users WHERE ${column} = ?`, [value]);
  return row && toUser(row);
}

const insertUser = (session: Session, { id, email, passwordHash, role, createdAt, disabled, quota }: User) =>
  session.run(
    `INSERT INTO users (id, email, email_lower, password_hash, role, created_at, disabled, quota_images, quota_bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[id, email, email.toLowerCase(), passwordHash, role, createdAt.getTime()],
      ...[+disabled, quota.images, quota.bytes],
    ],
  );

/** An attempt before it may have worked without its answer coming through: then the row there is this very one. */
export async function addUser(session: Session, user: User, attempt: number): Promise<void> {
  try {
    await insertUser(session, user);
  } catch (error) {
    const key = duplicateKeyOf(error);
    if (key !== undefined && attempt > 1 && (await isThere(session, user))) return;
    throw key === 'users_email_lower' ? new EmailTakenError(user.email) : error;
  }
}

export const isThere = async (session: Session, { id, passwordHash }: User) =>
  (await findUser(session, 'id', id))?.passwordHash === passwordHash;

/** In a transaction. Of several that would take the last administrators away at once, the later wait for the first. */
export async function updateUser(
  session: Session,
  id: string,
  change: UserChange,
): Promise<User | undefined> {
  const activeAdmins = await session.all<{ id: string }>(
    "SELECT id FROM users WHERE role = 'admin' AND disabled = FALSE ORDER BY id FOR UPDATE",
  );
  const [row] = await session.all<UserRow>('SELECT * FROM users WHERE id = ? FOR UPDATE', [id]);
  if (!row) return undefined;
  const user = toUser(row);
  const changed = { ...user, ...change };
  if ((changed.role !== 'admin' || changed.disabled) && !mayLose(user, activeAdmins))
    throw new LastAdminError();
  const { role, disabled, quota } = changed;
  await session.run(
    'UPDATE users SET role = ?, disabled = ?, quota_images = ?, quota_bytes = ? WHERE id = ?',
    [role, +disabled, quota.images, quota.bytes, id],
  );
  if (disabled) await revokeAllOf(session, { user_id: id });
  return changed;
}
