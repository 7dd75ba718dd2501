import { createMySqlUserStore } from '@image-organizer/adapters/user-store/mysql';
import { createSqliteUserStore } from '@image-organizer/adapters/user-store/sqlite';
import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Log } from '@image-organizer/platform/log';
import type { AuthConfig } from '../config.ts';
import type { LoginLimiter } from '../domain/login-limiter.ts';
import { createMemoryLoginLimiter } from './memory-login-limiter.ts';
import { createMySqlLoginLimiter } from './mysql-login-limiter.ts';

/** Where the settings want accounts and login limits to be. Returns at once; a server is connected to in the background. */
export function connect(
  { users }: Pick<AuthConfig, 'users'>,
  log: Log,
): { users: UserStore; limiter: LoginLimiter; close(): Promise<void> } {
  if (users.kind === 'sqlite') {
    const store = createSqliteUserStore(users);
    return { users: store, limiter: createMemoryLoginLimiter(), close: () => store.close() };
  }
  const store = createMySqlUserStore({ url: users.url, log });
  const limiter = createMySqlLoginLimiter({ url: users.url, log });
  const close = async () => void (await Promise.all([store.close(), limiter.close()]));
  return { users: store, limiter, close };
}
