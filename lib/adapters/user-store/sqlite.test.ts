import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { unlimited } from '@image-organizer/contracts/http/access-token';
import { describeUserStore } from '@image-organizer/testing/describe-user-store';
import { openDatabase } from '../sqlite/database.ts';
import { migrations } from './sqlite-schema.ts';
import { createSqliteUserStore } from './sqlite.ts';
import type { User } from './user-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'user-store-'));
const freshPath = () => join(folder, randomUUID(), 'users.sqlite');
afterAll(() => rmSync(folder, { recursive: true }));

const ada: User = {
  id: randomUUID(),
  email: 'ada@example.com',
  passwordHash: '$2b$12$hash',
  role: 'admin',
  createdAt: new Date('2026-01-15T12:00:00.000Z'),
  disabled: false,
  quota: unlimited,
};

describeUserStore('sqlite', async () => createSqliteUserStore({ path: freshPath() }));

describe('SQLite user store', () => {
  it('When the file is opened again, then what was stored is there', async () => {
    const path = freshPath();
    const before = createSqliteUserStore({ path });
    await before.addUser(ada);
    await before.close();
    const store = createSqliteUserStore({ path });
    expect(await store.findUser(ada.id)).toEqual(ada);
    await store.close();
  });

  it('When two stores share the file, then both see one signing key and one use of a token', async () => {
    const path = freshPath();
    const [one, two] = [createSqliteUserStore({ path }), createSqliteUserStore({ path })] as const;
    const candidate = (kid: string) => ({ kid, privateKey: kid, createdAt: ada.createdAt });
    expect(await one.ensureSigningKey(candidate('one'))).toEqual(
      await two.ensureSigningKey(candidate('two')),
    );

    const now = ada.createdAt;
    const expiresAt = new Date(now.getTime() + 60_000);
    await one.addUser(ada);
    await one.addRefreshToken({ hash: 'a', expiresAt, family: 'f', userId: ada.id, now });
    const rotations = await Promise.all(
      [one, two].map((store, index) =>
        store.rotateRefreshToken({ hash: 'a', next: { hash: `b${index}`, expiresAt }, now, graceMs: 0 }),
      ),
    );
    expect(rotations.map(({ kind }) => kind).sort()).toEqual(['reused', 'rotated']);
    await Promise.all([one.close(), two.close()]);
  });

  it('When the file is made, then only its owner may read it and it survives a power cut (WAL)', async () => {
    const path = freshPath();
    const store = createSqliteUserStore({ path });
    await store.addUser(ada);
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('When a version before quotas made the file, then its users may log in and keep what they like', async () => {
    const path = freshPath();
    const before = openDatabase(path, migrations.slice(0, 1));
    before.run(
      `INSERT INTO users (id, email, password_hash, role, created_at)
       VALUES (:id, :email, :passwordHash, :role, :createdAt)`,
      {
        ...{ id: ada.id, email: ada.email, passwordHash: ada.passwordHash, role: ada.role },
        createdAt: ada.createdAt.getTime(),
      },
    );
    before.close();
    const store = createSqliteUserStore({ path });
    expect(await store.findUser(ada.id)).toEqual(ada);
    await store.close();
  });

  it('When a newer program made the file, then it is refused and left as it was', () => {
    const path = freshPath();
    void createSqliteUserStore({ path }).close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    expect(() => createSqliteUserStore({ path })).toThrow('version 99');
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    database.close();
  });
});
