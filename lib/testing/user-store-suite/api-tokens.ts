import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import { added, after, anApiToken, minute, start, twenty } from './builders.ts';

export function apiTokenSuite(storeNow: () => UserStore): void {
  describe('API tokens', () => {
    let store: UserStore;
    beforeEach(() => {
      store = storeNow();
    });
    const withToken = async (changes?: Parameters<typeof anApiToken>[1]) => {
      const user = await added(store);
      const token = anApiToken(user, changes);
      await store.addApiToken(token);
      return { user, token };
    };

    it('When a token was added, then it is found by its hash as it was, with its owner', async () => {
      const { user, token } = await withToken({ expiresAt: after(minute), scopes: ['admin'] });
      expect(await store.findApiToken(token.hash)).toEqual({ token, user });
      expect(await store.findApiToken('hash-of-nothing')).toBeUndefined();
    });

    it('When a user has several, then they are listed newest first, and nobody else’s', async () => {
      const { user, token } = await withToken();
      const newer = anApiToken(user, { createdAt: after(1) });
      await store.addApiToken(newer);
      await withToken();
      expect(await store.apiTokensOf(user.id)).toEqual([newer, token]);
    });

    it('When a token is revoked, then it is listed no more, is found as revoked, and cannot be revoked again', async () => {
      const { user, token } = await withToken();
      const request = { id: token.id, userId: user.id, now: after(1) };
      expect(await store.revokeApiToken(request)).toBe(true);
      expect(await store.revokeApiToken({ ...request, now: after(2) })).toBe(false);
      expect(await store.apiTokensOf(user.id)).toEqual([]);
      expect((await store.findApiToken(token.hash))?.token).toEqual({ ...token, revokedAt: after(1) });
    });

    it('When somebody else would revoke it, then there is no such token for them', async () => {
      const { token } = await withToken();
      const { user: other } = await withToken();
      expect(await store.revokeApiToken({ id: token.id, userId: other.id, now: start })).toBe(false);
      expect((await store.findApiToken(token.hash))?.token.revokedAt).toBeNull();
    });

    it('When a token is used, then that is noted, and the next use only when the note is old', async () => {
      const { token } = await withToken();
      const usedAt = async (now: Date) => {
        await store.noteApiTokenUse({ id: token.id, now, coarseMs: minute });
        return (await store.findApiToken(token.hash))?.token.lastUsedAt;
      };
      expect(await usedAt(start)).toEqual(start);
      expect(await usedAt(after(minute - 1))).toEqual(start);
      expect(await usedAt(after(minute))).toEqual(after(minute));
    });

    it('When twenty use it at once, then all of them work', async () => {
      const { token } = await withToken();
      await twenty(() => store.noteApiTokenUse({ id: token.id, now: after(1), coarseMs: minute }));
      expect((await store.findApiToken(token.hash))?.token.lastUsedAt).toEqual(after(1));
    });
  });
}
