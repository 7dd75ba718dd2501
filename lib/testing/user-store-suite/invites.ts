import { randomUUID } from 'node:crypto';
import { EmailTakenError, type UserStore } from '@image-organizer/adapters/user-store/user-store';
import { aRefreshToken, aUser, added, after, anInvite, minute, start, twenty } from './builders.ts';

export function inviteSuite(storeNow: () => UserStore): void {
  describe('invites', () => {
    let store: UserStore;
    beforeEach(() => {
      store = storeNow();
    });
    const invited = async (changes?: Parameters<typeof anInvite>[0]) => {
      const invite = anInvite(changes);
      await store.addInvite(invite);
      return invite;
    };

    it('When an invite was added, then it is found by its hash as it was', async () => {
      const invite = await invited({ role: 'admin' });
      expect(await store.findInvite(invite.hash)).toEqual(invite);
      expect(await store.findInvite('hash-of-nothing')).toBeUndefined();
    });

    it('When invites are listed, then newest first, without those used or expired, and no more than asked for', async () => {
      const old = await invited();
      const young = await invited({ createdAt: after(1) });
      await invited({ usedAt: start });
      await invited({ expiresAt: start });
      expect(await store.openInvites(start, 10)).toEqual([young, old]);
      expect(await store.openInvites(start, 1)).toEqual([young]);
    });

    it('When an invite is redeemed, then the user is there and it is used up', async () => {
      const { hash } = await invited();
      const [user, late] = [aUser(), aUser()];
      expect(await store.redeemInvite({ hash, user, now: after(1) })).toBe(true);
      expect(await store.findUser(user.id)).toEqual(user);
      expect((await store.findInvite(hash))?.usedAt).toEqual(after(1));
      expect(await store.redeemInvite({ hash, user: late, now: after(2) })).toBe(false);
      expect(await store.findUser(late.id)).toBeUndefined();
    });

    it('When it has expired, or there is none, then nobody is added', async () => {
      const { hash } = await invited();
      expect(await store.redeemInvite({ hash, user: aUser(), now: after(minute) })).toBe(false);
      expect(await store.redeemInvite({ hash: 'hash-of-nothing', user: aUser(), now: start })).toBe(false);
      expect(await store.countUsers()).toBe(0);
    });

    it('When the email is taken, then the invite can still be used', async () => {
      const { email } = await added(store);
      const { hash } = await invited();
      await expect(store.redeemInvite({ hash, user: aUser({ email }), now: start })).rejects.toThrow(
        EmailTakenError,
      );
      expect(await store.redeemInvite({ hash, user: aUser(), now: start })).toBe(true);
    });

    it('When twenty redeem one at once, then one of them gets an account', async () => {
      const { hash } = await invited();
      const answers = await twenty(() => store.redeemInvite({ hash, user: aUser(), now: start }));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await store.countUsers()).toBe(1);
    });

    it('When an invite is removed, then it is gone; one that was used, or is unknown, is not removed', async () => {
      const [open, used] = [await invited(), await invited({ usedAt: start })];
      expect(await store.removeInvite(open.id)).toBe(true);
      expect(await store.findInvite(open.hash)).toBeUndefined();
      expect(await store.removeInvite(used.id)).toBe(false);
      expect(await store.removeInvite(randomUUID())).toBe(false);
    });

    it('When invites and resets have expired, then forgetting them leaves the others', async () => {
      const user = await added(store);
      const resets = [aRefreshToken(after(minute)), aRefreshToken(after(3 * minute))] as const;
      for (const reset of resets) await store.addPasswordReset({ ...reset, userId: user.id });
      const [old, young] = [await invited(), await invited({ expiresAt: after(3 * minute) })];
      expect(await store.deleteExpiredLinks(after(2 * minute))).toBe(2);
      expect(await store.deleteExpiredLinks(after(2 * minute))).toBe(0);
      expect(await store.findInvite(old.hash)).toBeUndefined();
      expect(await store.findInvite(young.hash)).toEqual(young);
      expect(await store.findPasswordReset(resets[1].hash, start)).toBeDefined();
    });
  });
}
