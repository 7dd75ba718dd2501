import { randomUUID } from 'node:crypto';
import { LastAdminError, type UserStore } from '@image-organizer/adapters/user-store/user-store';
import { added, loggedIn, twenty } from './builders.ts';

export function administrationSuite(storeNow: () => UserStore): void {
  describe('what an administrator does', () => {
    let store: UserStore;
    beforeEach(() => {
      store = storeNow();
    });

    it('When users are listed by pages, then each is there once, by email', async () => {
      const emails = ['dora', 'ada', 'carl', 'bob', 'eve'].map((name) => `${name}@example.com`);
      const users = [];
      for (const email of emails) users.push(await added(store, { email }));
      const byEmail = users.toSorted((a, b) => (a.email < b.email ? -1 : 1));
      const first = await store.listUsers({ limit: 3 });
      expect(first).toEqual(byEmail.slice(0, 3));
      expect(await store.listUsers({ limit: 3, after: first.at(-1)!.email })).toEqual(byEmail.slice(3));
      expect(await store.listUsers({ limit: 3, after: byEmail.at(-1)!.email })).toEqual([]);
    });

    it('When some of a user is changed, then the rest stays, and both are found so', async () => {
      const user = await added(store, { role: 'user' });
      const limited = { images: 10, bytes: 5_000_000_000_000 };
      expect(await store.updateUser(user.id, { quota: limited })).toEqual({ ...user, quota: limited });
      const changed = { ...user, quota: limited, role: 'admin' as const };
      expect(await store.updateUser(user.id, { role: 'admin' })).toEqual(changed);
      expect(await store.findUser(user.id)).toEqual(changed);
      const lifted = { ...changed, quota: { images: null, bytes: null } };
      expect(await store.updateUser(user.id, { quota: lifted.quota })).toEqual(lifted);
      expect(await store.findUserByEmail(user.email)).toEqual(lifted);
    });

    it('When nobody has the id, then nothing is changed', async () => {
      expect(await store.updateUser(randomUUID(), { role: 'admin' })).toBeUndefined();
    });

    it('When a user is disabled, then their sessions end and nobody else’s, and they stay ended', async () => {
      const [user, other] = [await added(store), await added(store)];
      const [ofUser, ofOther] = [await loggedIn(store, user), await loggedIn(store, other)];
      expect(await store.updateUser(user.id, { disabled: true })).toEqual({ ...user, disabled: true });
      expect(await ofUser()).toBe('revoked');
      expect(await store.updateUser(user.id, { disabled: false })).toEqual(user);
      expect(await ofUser()).toBe('revoked');
      expect(await ofOther()).toBe('rotated');
    });

    it('When the last administrator would go, then that is refused and nothing is changed', async () => {
      const admin = await added(store, { role: 'admin' });
      await added(store, { role: 'admin', disabled: true });
      await added(store);
      const session = await loggedIn(store, admin);
      for (const change of [{ disabled: true }, { role: 'user' as const }])
        await expect(store.updateUser(admin.id, change)).rejects.toThrow(LastAdminError);
      expect(await store.findUser(admin.id)).toEqual(admin);
      expect(await session()).toBe('rotated');
      expect(await store.updateUser(admin.id, { quota: { images: 1, bytes: null } })).toBeDefined();
    });

    it('When an administrator who is disabled is demoted, then the last one is still there', async () => {
      await added(store, { role: 'admin' });
      const disabled = await added(store, { role: 'admin', disabled: true });
      expect(await store.updateUser(disabled.id, { role: 'user' })).toMatchObject({ role: 'user' });
    });

    it('When twenty administrators are demoted at once, then one is left', async () => {
      const admins = await twenty(() => added(store, { role: 'admin' }));
      const answers = await twenty((index) =>
        store.updateUser(admins[index]!.id, { role: 'user' }).catch((error: unknown) => error),
      );
      expect(answers.filter((answer) => answer instanceof LastAdminError)).toHaveLength(1);
      const left = (await store.listUsers({ limit: 100 })).filter(({ role }) => role === 'admin');
      expect(left).toHaveLength(1);
    });
  });
}
