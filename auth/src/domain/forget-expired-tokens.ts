import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';

const everyMs = 60 * 60 * 1000;

/** Deletes refresh tokens that have expired: now, and then every hour. @returns what ends it */
export async function forgetExpiredTokens({
  users,
  clock,
  log,
}: {
  users: UserStore;
  clock: Clock;
  log: Log;
}) {
  const forget = async () => {
    const forgotten = await users.deleteExpiredRefreshTokens(clock.now());
    if (forgotten > 0) log.info({ forgotten }, 'forgot expired refresh tokens');
  };
  await forget();
  const timer = setInterval(() => {
    forget().catch((err: unknown) => log.error({ err }, 'could not forget expired refresh tokens'));
  }, everyMs).unref();
  return () => clearInterval(timer);
}
