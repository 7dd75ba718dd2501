import { randomUUID } from 'node:crypto';
import type { User } from '@image-organizer/adapters/user-store/user-store';
import { unlimited } from '@image-organizer/contracts/http/access-token';
import type { Credentials } from '@image-organizer/contracts/http/session';
import type { Clock } from '@image-organizer/platform/clock';
import { assertPassword } from './password-policy.ts';
import type { PasswordHasher } from './password-hasher.ts';

interface Dependencies {
  hasher: PasswordHasher;
  clock: Clock;
  /** Where it is kept. */
  add: (user: User) => Promise<void>;
}

/** @param email normalised. @throws WeakPasswordError, and as `add` */
export async function addAccount(
  { add, hasher, clock }: Dependencies,
  { email, password, role }: Credentials & { role: User['role'] },
): Promise<User> {
  assertPassword(password);
  const user: User = {
    id: randomUUID(),
    email,
    role,
    passwordHash: await hasher.hash(password),
    createdAt: clock.now(),
    disabled: false,
    quota: unlimited,
  };
  await add(user);
  return user;
}
