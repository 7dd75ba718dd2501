import type { User, UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { PasswordChange, PasswordResetConfirmation } from '@image-organizer/contracts/http/account';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { InvalidResetError, MailUnavailableError, WrongPasswordError } from './errors.ts';
import type { LoginLimiter } from './login-limiter.ts';
import type { Mailing } from './mailing.ts';
import { resetMail } from './mails.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { assertPassword } from './password-policy.ts';
import { hashOf, newSecretText } from './secret-text.ts';
import type { TaskQueue } from './task-queue.ts';

export const resetMs = 60 * 60 * 1000;

interface Dependencies {
  users: UserStore;
  hasher: PasswordHasher;
  limiter: LoginLimiter;
  queue: TaskQueue;
  clock: Clock;
  log: Log;
  mailing: Mailing | undefined;
}

export type Passwords = ReturnType<typeof createPasswords>;

/** Changing a password, by who knows it or who reads the account's mail. Both end every session of the user. */
export const createPasswords = ({ users, hasher, limiter, queue, clock, log, mailing }: Dependencies) => ({
  /** @throws WeakPasswordError, WrongPasswordError, TooManyAttemptsError, TooBusyError */
  async change(user: User, { current, new: next }: PasswordChange, address: string): Promise<void> {
    assertPassword(next);
    const attempt = { account: user.email, address };
    await limiter.check(attempt);
    await queue(async () => {
      await limiter.check(attempt);
      if (!(await hasher.matches(current, user.passwordHash))) {
        await limiter.failed(attempt);
        throw new WrongPasswordError();
      }
      await limiter.succeeded(attempt);
      const passwordHash = await hasher.hash(next);
      await users.changePassword({ userId: user.id, passwordHash, now: clock.now() });
    });
    log.info({ userId: user.id }, 'changed the password: every session is revoked');
  },

  /**
   * Sends a link, where there is such an account. Who asks is told before anybody looks, so neither the answer nor its
   * time says whether there is one. Every request counts as a failed login of its address, and of a name of its own: so
   * that nobody's login is blocked by it.
   * @throws MailUnavailableError, TooManyAttemptsError, TooBusyError
   */
  async requestReset(email: string, address: string): Promise<void> {
    if (!mailing) throw new MailUnavailableError();
    const attempt = { account: resetOf(email), address };
    await limiter.check(attempt);
    await limiter.failed(attempt);
    mailing.send(async () => {
      const user = await users.findUserByEmail(email);
      if (!user || user.disabled) return undefined;
      const { text, hash } = newSecretText();
      await users.addPasswordReset({
        hash,
        userId: user.id,
        expiresAt: new Date(clock.now().getTime() + resetMs),
      });
      log.info({ userId: user.id }, 'a reset of the password was asked for');
      return resetMail({ to: user.email, token: text, id: hash.slice(0, 32), ...mailing.envelope() });
    });
  },

  /** @throws WeakPasswordError, InvalidResetError, TooBusyError */
  async confirmReset({ token, password }: PasswordResetConfirmation): Promise<void> {
    assertPassword(password);
    const hash = hashOf(token);
    if (!(await users.findPasswordReset(hash, clock.now()))) throw new InvalidResetError(); // before any slow hash
    const user = await queue(async () => {
      const passwordHash = await hasher.hash(password);
      return users.redeemPasswordReset({ hash, passwordHash, now: clock.now() });
    });
    if (!user) throw new InvalidResetError();
    for (const account of [user.email, resetOf(user.email)])
      await limiter.succeeded({ account, address: '' });
    log.info({ userId: user.id }, 'reset the password: every session is revoked');
  },
});

const resetOf = (email: string) => `password reset of ${email}`;
