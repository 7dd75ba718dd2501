import { EmailTakenError, type UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Account, Credentials } from '@image-organizer/contracts/http/session';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { addAccount } from './add-account.ts';
import { AccountExistsError } from './errors.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { TaskQueue } from './task-queue.ts';

interface Dependencies {
  users: UserStore;
  hasher: PasswordHasher;
  clock: Clock;
  queue: TaskQueue;
  log: Log;
}

/** An account for whoever asks. @throws WeakPasswordError, AccountExistsError, TooBusyError */
export const createRegister = ({ queue, log, ...dependencies }: Dependencies) => {
  return async ({ email, password }: Credentials): Promise<Account> => {
    try {
      const { id, role } = await queue(() => addAccount(dependencies, { email, password, role: 'user' }));
      log.info({ userId: id }, 'registered');
      return { id, email, role };
    } catch (error) {
      throw error instanceof EmailTakenError ? new AccountExistsError(email) : error;
    }
  };
};
