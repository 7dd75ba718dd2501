import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Credentials, Session } from '@image-organizer/contracts/http/session';
import type { Log } from '@image-organizer/platform/log';
import { InvalidCredentialsError } from './errors.ts';
import type { LoginLimiter } from './login-limiter.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { Sessions } from './sessions.ts';
import type { TaskQueue } from './task-queue.ts';

interface Dependencies {
  users: UserStore;
  hasher: PasswordHasher;
  limiter: LoginLimiter;
  sessions: Sessions;
  queue: TaskQueue;
  log: Log;
}

/**
 * A session for who knows the password. Whether the account exists shows in neither the answer nor its time.
 * One check runs at a time, so that of many guesses sent at once no more are tried than of guesses sent in turn.
 * @throws InvalidCredentialsError, TooManyAttemptsError, TooBusyError
 */
export const createLogIn = ({ users, hasher, limiter, sessions, queue, log }: Dependencies) => {
  return async ({ email, password }: Credentials, address: string): Promise<Session> => {
    const attempt = { account: email, address };
    await limiter.check(attempt); // who is blocked takes no place in the queue
    return queue(async () => {
      await limiter.check(attempt); // those before it in the queue may have used up the attempts
      const user = await users.findUserByEmail(email);
      const matches = await hasher.matches(password, user?.passwordHash);
      if (!user || !matches) {
        await limiter.failed(attempt);
        log.warn({ address }, 'login refused');
        throw new InvalidCredentialsError();
      }
      await limiter.succeeded(attempt);
      log.info({ userId: user.id }, 'logged in');
      return sessions.open(user);
    });
  };
};
