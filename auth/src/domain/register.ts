import { EmailTakenError, type UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Account, Registration } from '@image-organizer/contracts/http/session';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { addAccount } from './add-account.ts';
import {
  AccountExistsError,
  InvalidInviteError,
  InviteRequiredError,
  RegistrationClosedError,
} from './errors.ts';
import { findUsableInvite } from './invites.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { TaskQueue } from './task-queue.ts';

interface Dependencies {
  users: UserStore;
  hasher: PasswordHasher;
  clock: Clock;
  queue: TaskQueue;
  log: Log;
  /** Who may register without an invite: nobody, unless it is open. An invite always works. */
  registration: 'closed' | 'invited' | 'open';
}

/**
 * An account for whoever may have one; an invite says its role.
 * @throws RegistrationClosedError, InviteRequiredError, InvalidInviteError, WeakPasswordError, AccountExistsError,
 * TooBusyError
 */
export const createRegister = ({
  users,
  hasher,
  clock,
  queue,
  log,
  registration,
}: Dependencies): ((wanted: Registration) => Promise<Account>) => {
  const uninvited = async () => {
    if (registration === 'closed') throw new RegistrationClosedError();
    if (registration === 'invited') throw new InviteRequiredError();
    return { role: 'user' as const, add: users.addUser };
  };
  const invited = async (text: string, email: string) => {
    const { hash, role } = await findUsableInvite({ users, clock }, { text, email });
    const add: UserStore['addUser'] = async (user) => {
      if (!(await users.redeemInvite({ hash, user, now: clock.now() }))) throw new InvalidInviteError();
    };
    return { role, add };
  };

  return async ({ email, password, invite }) => {
    const { role, add } = await (invite === undefined ? uninvited() : invited(invite, email));
    try {
      const { id } = await queue(() => addAccount({ hasher, clock, add }, { email, password, role }));
      log.info({ userId: id, role }, 'registered');
      return { id, email, role };
    } catch (error) {
      throw error instanceof EmailTakenError ? new AccountExistsError(email) : error;
    }
  };
};
