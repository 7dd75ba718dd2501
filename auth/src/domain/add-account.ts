import { randomUUID } from 'node:crypto';
import type { User, UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Credentials } from '@image-organizer/contracts/http/session';
import type { Clock } from '@image-organizer/platform/clock';
import { assertPassword } from './password-policy.ts';
import type { PasswordHasher } from './password-hasher.ts';

interface Dependencies {
  users: UserStore;
  hasher: PasswordHasher;
  clock: Clock;
}

/** @param email normalised. @throws WeakPasswordError, the store's EmailTakenError */
export async function addAccount(
  { users, hasher, clock }: Dependencies,
  { email, password, role }: Credentials & { role: User['role'] },
): Promise<User> {
  assertPassword(password);
  const user = {
    id: randomUUID(),
    email,
    role,
    passwordHash: await hasher.hash(password),
    createdAt: clock.now(),
  };
  await users.addUser(user);
  return user;
}
