import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { removeSpentKeys } from './signing-keys.ts';

const everyMs = 60 * 60 * 1000;

/** Deletes refresh tokens, invites and resets that have expired and keys that are spent: now, and then every hour. @returns what ends it */
export async function forgetExpired({ users, clock, log }: { users: UserStore; clock: Clock; log: Log }) {
  const forget = async () => {
    const tokens = await users.deleteExpiredRefreshTokens(clock.now());
    const links = await users.deleteExpiredLinks(clock.now());
    const keys = await removeSpentKeys({ users, clock });
    if (tokens || links || keys)
      log.info({ tokens, links, keys }, 'forgot expired refresh tokens, invites and resets, and spent keys');
  };
  await forget();
  const timer = setInterval(() => {
    forget().catch((err: unknown) => log.error({ err }, 'could not forget what has expired'));
  }, everyMs).unref();
  return () => clearInterval(timer);
}
