import { randomUUID } from 'node:crypto';
import {
  EmailTakenError,
  type SigningKey,
  type UserStore,
} from '@image-organizer/adapters/user-store/user-store';
import { administrationSuite } from './user-store-suite/administration.ts';
import { apiTokenSuite } from './user-store-suite/api-tokens.ts';
import { aRefreshToken as aToken, aUser, after, minute, start, twenty } from './user-store-suite/builders.ts';
import { inviteSuite } from './user-store-suite/invites.ts';
import { passwordSuite } from './user-store-suite/passwords.ts';

const graceMs = 10_000;

const aSigningKey = (createdAt = start): SigningKey => ({
  kid: randomUUID(),
  privateKey: `key ${randomUUID()}`,
  createdAt,
});

/** The specification of UserStore. @param makeStore a store with nothing in it; the suite closes it */
export function describeUserStore(name: string, makeStore: () => Promise<UserStore>): void {
  describe(`UserStore: ${name}`, () => {
    let store: UserStore;
    beforeEach(async () => {
      store = await makeStore();
    });
    afterEach(() => store.close());

    /** A user who logged in: the first token of a family. */
    const loggedIn = async (token = aToken()) => {
      const user = aUser();
      await store.addUser(user);
      await store.addRefreshToken({ ...token, family: randomUUID(), userId: user.id, now: start });
      return { user, token };
    };
    const rotate = async (
      hash: string,
      options: { at?: number; graceMs?: number; next?: { hash: string; expiresAt: Date } } = {},
    ) => {
      const next = options.next ?? aToken();
      const now = after(options.at ?? 0);
      const rotation = await store.rotateRefreshToken({
        hash,
        next,
        now,
        graceMs: options.graceMs ?? graceMs,
      });
      return { rotation, next };
    };
    const kindOf = async (hash: string, options?: Parameters<typeof rotate>[1]) =>
      (await rotate(hash, options)).rotation.kind;

    describe('users', () => {
      it('When a user was added, then it is found by id and by email as it was, and counted', async () => {
        const user = aUser({ role: 'admin' });
        expect(await store.countUsers()).toBe(0);
        await store.addUser(user);
        await store.addUser(aUser());
        expect(await store.findUser(user.id)).toEqual(user);
        expect(await store.findUserByEmail(user.email)).toEqual(user);
        expect(await store.countUsers()).toBe(2);
      });

      it('When nobody has the id or the email, then nothing is found', async () => {
        expect(await store.findUser(randomUUID())).toBeUndefined();
        expect(await store.findUserByEmail('nobody@example.com')).toBeUndefined();
      });

      it('When an email differs only in case, then it is the same account', async () => {
        const user = aUser({ email: 'ada@example.com' });
        await store.addUser(user);
        expect(await store.findUserByEmail('ADA@Example.com')).toEqual(user);
        await expect(store.addUser(aUser({ email: 'Ada@EXAMPLE.com' }))).rejects.toThrow(EmailTakenError);
        expect(await store.countUsers()).toBe(1);
      });

      it('When twenty add one email at once, then one of them gets it', async () => {
        const answers = await twenty(() =>
          store.addUser(aUser({ email: 'ada@example.com' })).catch((error: unknown) => error),
        );
        expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
        expect(answers.filter((answer) => answer instanceof EmailTakenError)).toHaveLength(19);
      });

      it('When an id is used twice, then that is refused, but not as a taken email', async () => {
        const user = aUser();
        await store.addUser(user);
        const error: unknown = await store.addUser(aUser({ id: user.id })).catch((reason: unknown) => reason);
        expect(error).toBeDefined();
        expect(error).not.toBeInstanceOf(EmailTakenError);
      });
    });

    describe('refresh tokens', () => {
      it('When a token is exchanged, then the answer has its user and the next token works', async () => {
        const { user, token } = await loggedIn();
        const { rotation, next } = await rotate(token.hash);
        expect(rotation).toEqual({ kind: 'rotated', user });
        expect(await kindOf(next.hash)).toBe('rotated');
      });

      it('When nobody made the token, then it is unknown and its successor is not kept', async () => {
        const { rotation, next } = await rotate('hash-of-nothing');
        expect(rotation).toEqual({ kind: 'unknown' });
        expect(await kindOf(next.hash)).toBe('unknown');
      });

      it('When a token comes again within the grace, then it is exchanged again and both successors work', async () => {
        const { token } = await loggedIn();
        const first = await rotate(token.hash);
        const second = await rotate(token.hash, { at: graceMs - 1 });
        expect(second.rotation.kind).toBe('rotated');
        expect(await kindOf(first.next.hash, { at: graceMs })).toBe('rotated');
        expect(await kindOf(second.next.hash, { at: graceMs })).toBe('rotated');
      });

      it('When a token comes again after the grace, then its whole family is revoked', async () => {
        const { token } = await loggedIn();
        const first = await rotate(token.hash);
        const second = await rotate(first.next.hash, { at: minute });
        expect(await kindOf(token.hash, { at: 2 * minute })).toBe('reused');
        expect(await kindOf(second.next.hash, { at: 2 * minute })).toBe('revoked');
        expect(await kindOf(token.hash, { at: 2 * minute })).toBe('revoked');
      });

      it('When a token is used again within the grace, then the grace does not begin anew', async () => {
        const { token } = await loggedIn();
        await rotate(token.hash);
        await rotate(token.hash, { at: graceMs - 1 });
        expect(await kindOf(token.hash, { at: graceMs })).toBe('reused');
      });

      it('When one family is revoked, then the other logins of the user go on', async () => {
        const { user, token } = await loggedIn();
        const other = aToken();
        await store.addRefreshToken({ ...other, family: randomUUID(), userId: user.id, now: start });
        await rotate(token.hash);
        expect(await kindOf(token.hash, { at: minute })).toBe('reused');
        expect(await kindOf(other.hash, { at: minute })).toBe('rotated');
      });

      it('When twenty present one token at once, then all are answered within the grace and every successor works', async () => {
        const { token } = await loggedIn();
        const answers = await twenty(() => rotate(token.hash));
        expect(answers.map(({ rotation }) => rotation.kind)).toEqual(Array(20).fill('rotated'));
        const kinds = await Promise.all(answers.map(({ next }) => kindOf(next.hash)));
        expect(kinds).toEqual(Array(20).fill('rotated'));
      });

      it('When twenty present one token at once without a grace, then one gets through and the family is revoked', async () => {
        const { token } = await loggedIn();
        const answers = await twenty(() => rotate(token.hash, { graceMs: 0 }));
        const winners = answers.filter(({ rotation }) => rotation.kind === 'rotated');
        expect(winners).toHaveLength(1);
        expect(answers.filter(({ rotation }) => rotation.kind === 'reused')).toHaveLength(1);
        expect(await kindOf(winners[0]!.next.hash)).toBe('revoked');
      });

      it('When a token has reached its expiry, then it is expired; until then it works', async () => {
        const { token } = await loggedIn(aToken(after(minute)));
        expect(await kindOf(token.hash, { at: minute })).toBe('expired');
        expect(await kindOf(token.hash, { at: minute - 1 })).toBe('rotated');
      });

      it('When a token is revoked, then its family is, and revoking it again or one that is unknown is no error', async () => {
        const { token } = await loggedIn();
        const { next } = await rotate(token.hash);
        await store.revokeRefreshToken(token.hash);
        await store.revokeRefreshToken(token.hash);
        await store.revokeRefreshToken('hash-of-nothing');
        expect(await kindOf(next.hash)).toBe('revoked');
        expect(await kindOf(token.hash)).toBe('revoked');
      });

      it('When tokens have expired, then forgetting them leaves the others', async () => {
        const { token: old } = await loggedIn(aToken(after(minute)));
        const { token: young } = await loggedIn(aToken(after(3 * minute)));
        expect(await store.deleteExpiredRefreshTokens(after(2 * minute))).toBe(1);
        expect(await store.deleteExpiredRefreshTokens(after(2 * minute))).toBe(0);
        expect(await kindOf(old.hash, { at: 2 * minute })).toBe('unknown');
        expect(await kindOf(young.hash, { at: 2 * minute })).toBe('rotated');
      });
    });

    describe('signing keys', () => {
      it('When there is no key, then the candidate becomes it; later candidates are not kept', async () => {
        const first = aSigningKey();
        expect(await store.signingKeys()).toEqual([]);
        expect(await store.ensureSigningKey(first)).toEqual([first]);
        expect(await store.ensureSigningKey(aSigningKey(after(minute)))).toEqual([first]);
        expect(await store.signingKeys()).toEqual([first]);
      });

      it('When twenty bring a candidate at once, then all see the same newest key', async () => {
        const candidates = Array.from({ length: 20 }, () => aSigningKey());
        const answers = await twenty((index) => store.ensureSigningKey(candidates[index]!));
        const newest = new Set(answers.map(([key]) => key!.kid));
        expect(newest.size).toBe(1);
        expect(candidates).toContainEqual(answers[0]![0]);
      });

      it('When keys are added, then they come newest first, in whatever order they were added', async () => {
        const [old, young, middle] = [aSigningKey(), aSigningKey(after(2)), aSigningKey(after(1))];
        for (const key of [old, young, middle]) await store.addSigningKey(key);
        expect(await store.signingKeys()).toEqual([young, middle, old]);
        expect(await store.ensureSigningKey(aSigningKey())).toEqual([young, middle, old]);
      });

      it('When a kid is there already, then adding it is refused and the key is as it was', async () => {
        const key = aSigningKey();
        await store.addSigningKey(key);
        await expect(store.addSigningKey({ ...aSigningKey(), kid: key.kid })).rejects.toThrow();
        expect(await store.signingKeys()).toEqual([key]);
      });

      it('When a key is removed, then the others stay, and removing it again is no error', async () => {
        const [old, young] = [aSigningKey(), aSigningKey(after(1))];
        for (const key of [old, young]) await store.addSigningKey(key);
        await store.removeSigningKey(old.kid);
        await store.removeSigningKey(old.kid);
        expect(await store.signingKeys()).toEqual([young]);
      });
    });

    administrationSuite(() => store);
    apiTokenSuite(() => store);
    inviteSuite(() => store);
    passwordSuite(() => store);

    it('When the store works, then it waits for nothing, and closing it twice is no error', async () => {
      expect(store.waitingFor()).toEqual([]);
      await store.close();
      await store.close();
    });
  });
}
