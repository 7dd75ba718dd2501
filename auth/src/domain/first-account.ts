import { randomBytes } from 'node:crypto';
import { EmailTakenError, type UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { addAccount } from './add-account.ts';
import type { PasswordHasher } from './password-hasher.ts';

const defaultEmail = 'admin@example.com';

/** The administrator's account, as the settings name it. */
export interface FirstAccount {
  email: string;
  /** Set when it was made up here just now. It is stored nowhere: show it once to whoever started the program. */
  madePassword: string | null;
}

interface Dependencies {
  users: UserStore;
  hasher: PasswordHasher;
  clock: Clock;
  log: Log;
}

/**
 * Where there is no user at all, makes the administrator; otherwise changes nothing.
 * @param wanted what is absent is made up
 * @throws WeakPasswordError
 */
export async function ensureFirstAccount(
  { users, hasher, clock, log }: Dependencies,
  wanted: { email?: string; password?: string },
): Promise<FirstAccount> {
  const { email = defaultEmail, password = randomBytes(18).toString('base64url') } = wanted;
  if ((await users.countUsers()) > 0) return { email, madePassword: null };
  try {
    await addAccount({ add: users.addUser, hasher, clock }, { email, password, role: 'admin' });
  } catch (error) {
    if (error instanceof EmailTakenError) return { email, madePassword: null }; // another instance was first
    throw error;
  }
  log.info({ email }, 'made the first account');
  return { email, madePassword: wanted.password === undefined ? password : null };
}
