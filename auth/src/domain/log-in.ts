import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Credentials, Session } from '@image-organizer/contracts/http/session';
import { InvalidCredentialsError, TooBusyError, TooManyAttemptsError } from './errors.ts';
import type { LoginLimiter } from './login-limiter.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { Sessions } from './sessions.ts';
import type { TaskQueue } from './task-queue.ts';

export type LoginOutcome = 'ok' | 'refused' | 'limited' | 'busy';

/** @param facts never who tried in vain: the account, and whether there is one, stays out of the log */
export type ReportLogin = (outcome: LoginOutcome, facts: { userId: string } | { address: string }) => void;

interface Dependencies {
  users: UserStore;
  hasher: PasswordHasher;
  limiter: LoginLimiter;
  sessions: Sessions;
  queue: TaskQueue;
  report: ReportLogin;
}

/**
 * A session for who knows the password. Whether the account exists shows in neither the answer nor its time.
 * One check runs at a time, so that of many guesses sent at once no more are tried than of guesses sent in turn.
 * @throws InvalidCredentialsError, TooManyAttemptsError, TooBusyError
 */
export const createLogIn = ({ users, hasher, limiter, sessions, queue, report }: Dependencies) => {
  const logIn = async ({ email, password }: Credentials, address: string): Promise<Session> => {
    const attempt = { account: email, address };
    await limiter.check(attempt); // who is blocked takes no place in the queue
    return queue(async () => {
      await limiter.check(attempt); // those before it in the queue may have used up the attempts
      const user = await users.findUserByEmail(email);
      const matches = await hasher.matches(password, user?.passwordHash);
      if (!user || !matches || user.disabled) {
        await limiter.failed(attempt);
        throw new InvalidCredentialsError();
      }
      await limiter.succeeded(attempt);
      const session = await sessions.open(user);
      // A change of the password, or an administrator, ended every session just before this one was there.
      const now = await users.findUser(user.id);
      if (now?.passwordHash !== user.passwordHash || now.disabled) {
        await sessions.close(session.refreshToken);
        throw new InvalidCredentialsError();
      }
      report('ok', { userId: user.id });
      return session;
    });
  };

  return (credentials: Credentials, address: string) =>
    logIn(credentials, address).catch((error: unknown) => {
      const outcome = refusalOf(error);
      if (outcome) report(outcome, { address });
      throw error;
    });
};

function refusalOf(error: unknown): LoginOutcome | undefined {
  if (error instanceof InvalidCredentialsError) return 'refused';
  if (error instanceof TooManyAttemptsError) return 'limited';
  return error instanceof TooBusyError ? 'busy' : undefined;
}
