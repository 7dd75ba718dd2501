import { randomUUID } from 'node:crypto';
import type { ApiTokenRecord } from '@image-organizer/adapters/user-store/api-tokens';
import type { Invite } from '@image-organizer/adapters/user-store/invites';
import type { User, UserStore } from '@image-organizer/adapters/user-store/user-store';
import { unlimited } from '@image-organizer/contracts/http/access-token';

export const minute = 60_000;
export const start = new Date('2026-01-15T12:00:00.000Z');
export const after = (ms: number) => new Date(start.getTime() + ms);

export const aUser = (changes: Partial<User> = {}): User => {
  const id = randomUUID();
  return {
    id,
    email: `${id}@example.com`,
    passwordHash: '$2b$12$hash',
    role: 'user',
    createdAt: start,
    disabled: false,
    quota: unlimited,
    ...changes,
  };
};

export const aRefreshToken = (expiresAt = after(30 * minute)) => ({
  hash: `hash-${randomUUID()}`,
  expiresAt,
});

export const anApiToken = (user: User, changes: Partial<ApiTokenRecord> = {}): ApiTokenRecord => ({
  id: randomUUID(),
  userId: user.id,
  name: 'the scanner',
  hash: `hash-${randomUUID()}`,
  scopes: ['upload', 'read'],
  createdAt: start,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  ...changes,
});

export const anInvite = (changes: Partial<Invite> = {}): Invite => ({
  id: randomUUID(),
  hash: `hash-${randomUUID()}`,
  email: `${randomUUID()}@example.com`,
  role: 'user',
  createdAt: start,
  expiresAt: after(minute),
  usedAt: null,
  ...changes,
});

export const twenty = <Result>(act: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: 20 }, (_, index) => act(index)));

export const added = async (store: UserStore, changes?: Partial<User>) => {
  const user = aUser(changes);
  await store.addUser(user);
  return user;
};

/** A login of the user. @returns says what becomes of its refresh token when it is presented */
export async function loggedIn(store: UserStore, user: User) {
  const token = aRefreshToken();
  await store.addRefreshToken({ ...token, family: randomUUID(), userId: user.id, now: start });
  return async () => {
    const request = { hash: token.hash, next: aRefreshToken(), now: start, graceMs: minute };
    return (await store.rotateRefreshToken(request)).kind;
  };
}
