import {
  LastAdminError,
  type User,
  type UserChange,
  type UserStore,
} from '@image-organizer/adapters/user-store/user-store';
import type { AdminUser, AdminUserList } from '@image-organizer/contracts/http/admin-user';
import type { Log } from '@image-organizer/platform/log';
import { LastAdminKeptError, UserNotFoundError } from './errors.ts';

export type AdminUsers = ReturnType<typeof createAdminUsers>;

/** What an administrator sees and changes of the users. */
export const createAdminUsers = ({ users, log }: { users: UserStore; log: Log }) => ({
  async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<AdminUserList> {
    const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString();
    const found = await users.listUsers({ limit: limit + 1, after });
    const items = found.slice(0, limit).map(viewOf);
    const more = found.length > limit;
    return { items, nextCursor: more ? Buffer.from(items.at(-1)!.email).toString('base64url') : null };
  },

  /** @throws UserNotFoundError, LastAdminKeptError */
  async change(by: User, id: string, change: UserChange): Promise<AdminUser> {
    const user = await users.updateUser(id, change).catch((error: unknown) => {
      throw error instanceof LastAdminError ? new LastAdminKeptError() : error;
    });
    if (!user) throw new UserNotFoundError();
    log.info({ by: by.id, userId: id, ...change }, 'changed a user');
    return viewOf(user);
  },
});

const viewOf = ({ id, email, role, disabled, quota, createdAt }: User): AdminUser => ({
  ...{ id, email, role, disabled, quota },
  createdAt: createdAt.toISOString(),
});
