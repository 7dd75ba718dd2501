import { randomUUID } from 'node:crypto';
import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import { aRefreshToken, added, after, anApiToken, loggedIn, minute, start, twenty } from './builders.ts';

export function passwordSuite(storeNow: () => UserStore): void {
  describe('passwords', () => {
    let store: UserStore;
    beforeEach(() => {
      store = storeNow();
    });
    const withReset = async () => {
      const user = await added(store);
      const reset = { ...aRefreshToken(after(minute)), userId: user.id };
      await store.addPasswordReset(reset);
      return { user, reset };
    };
    const redeem = (hash: string, passwordHash = 'new', now = start) =>
      store.redeemPasswordReset({ hash, passwordHash, now });

    it('When a password is changed, then every session of the user ends, and nobody else’s', async () => {
      const [user, other] = [await added(store), await added(store)];
      const sessions = [await loggedIn(store, user), await loggedIn(store, user)];
      const ofOther = await loggedIn(store, other);
      await store.changePassword({ userId: user.id, passwordHash: 'new', now: start });
      for (const session of sessions) expect(await session()).toBe('revoked');
      expect(await ofOther()).toBe('rotated');
      expect(await store.findUser(user.id)).toEqual({ ...user, passwordHash: 'new' });
      expect(await store.findUser(other.id)).toEqual(other);
    });

    it('When a password is changed, then resets that were asked for are void, and API tokens stay', async () => {
      const { user, reset } = await withReset();
      const token = anApiToken(user);
      await store.addApiToken(token);
      await store.changePassword({ userId: user.id, passwordHash: 'new', now: start });
      expect(await redeem(reset.hash)).toBeUndefined();
      expect(await store.apiTokensOf(user.id)).toEqual([token]);
    });

    it('When the user is not there, then changing the password is no error', async () => {
      await store.changePassword({ userId: randomUUID(), passwordHash: 'new', now: start });
      expect(await store.countUsers()).toBe(0);
    });

    it('When a reset is redeemed, then the password is new, the sessions end and it works no second time', async () => {
      const { user, reset } = await withReset();
      const session = await loggedIn(store, user);
      expect(await store.findPasswordReset(reset.hash, start)).toEqual(reset);
      expect(await redeem(reset.hash)).toEqual({ ...user, passwordHash: 'new' });
      expect(await session()).toBe('revoked');
      expect(await store.findPasswordReset(reset.hash, start)).toBeUndefined();
      expect(await redeem(reset.hash, 'other')).toBeUndefined();
      expect((await store.findUser(user.id))?.passwordHash).toBe('new');
    });

    it('When one of several resets is redeemed, then the others are void', async () => {
      const { user, reset } = await withReset();
      const other = { ...aRefreshToken(), userId: user.id };
      await store.addPasswordReset(other);
      await redeem(other.hash);
      expect(await redeem(reset.hash, 'other')).toBeUndefined();
    });

    it('When a reset has expired, or there is none, then nothing is changed', async () => {
      const { user, reset } = await withReset();
      expect(await store.findPasswordReset(reset.hash, after(minute))).toBeUndefined();
      expect(await redeem(reset.hash, 'new', after(minute))).toBeUndefined();
      expect(await redeem('hash-of-nothing')).toBeUndefined();
      expect(await store.findUser(user.id)).toEqual(user);
    });

    it('When twenty redeem one at once, then one of them sets the password', async () => {
      const { user, reset } = await withReset();
      const answers = await twenty((index) => redeem(reset.hash, `new-${index}`));
      const winners = answers.flatMap((answer, index) => (answer ? [`new-${index}`] : []));
      expect(winners).toHaveLength(1);
      expect((await store.findUser(user.id))?.passwordHash).toBe(winners[0]);
    });
  });
}
