import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { unlimited } from '@image-organizer/contracts/http/access-token';
import { silentLog } from '@image-organizer/platform/log';
import { describeUserStore } from '@image-organizer/testing/describe-user-store';
import { ownMySqlTables } from '@image-organizer/testing/mysql-tables';
import { createTcpProxy, type TcpProxy } from '@image-organizer/testing/tcp-proxy';
import { until } from '@image-organizer/testing/until';
import { userMigrations } from './mysql-schema.ts';
import { createMySqlUserStore } from './mysql.ts';
import type { User, UserStore } from './user-store.ts';

const url = process.env['MYSQL_URL'] ?? '';
/** servers.sh, which can kill and start the server of the tests. */
const servers = process.env['SERVERS_TOOL'] ?? '';
const describeServer = url ? describe : describe.skip;
const describeKill = url && servers ? describe : describe.skip;

describeServer('MySQL', () => {
  const now = new Date('2026-01-15T12:00:00.000Z');
  const expiresAt = new Date(now.getTime() + 3_600_000);
  const aUser = (email: string): User => ({
    id: randomUUID(),
    email,
    passwordHash: '$2b$12$hash',
    role: 'user',
    createdAt: now,
    disabled: false,
    quota: unlimited,
  });
  const open = (at = url) => createMySqlUserStore({ url: at, log: silentLog() });
  let tables: Awaited<ReturnType<typeof ownMySqlTables>>;
  let stores: UserStore[];

  beforeAll(async () => {
    tables = await ownMySqlTables(url);
  }, 90_000);
  afterAll(() => tables.release());
  beforeEach(() => {
    stores = [];
  });
  afterEach(() => Promise.all(stores.map((store) => store.close())));
  const opened = (at?: string) => {
    const store = open(at);
    stores.push(store);
    return store;
  };

  describeUserStore('mysql', async () => {
    await tables.drop();
    const store = open();
    await store.countUsers(); // waits until it has connected
    return store;
  });

  it('When five stores open an empty database at once, then it is migrated once and all share a key and a token', async () => {
    await tables.drop();
    const five = Array.from({ length: 5 }, () => opened());
    const keys = await Promise.all(
      five.map((store) => store.ensureSigningKey({ kid: randomUUID(), privateKey: 'pem', createdAt: now })),
    );
    expect(new Set(keys.map(([key]) => key!.kid)).size).toBe(1);
    expect(await tables.query('SELECT * FROM schema_migrations')).toEqual([
      { name: 'users', version: userMigrations.length },
    ]);

    const user = aUser('five@example.com');
    await five[0]!.addUser(user);
    await five[1]!.addRefreshToken({ hash: 'five', expiresAt, family: 'five', userId: user.id, now });
    const rotations = await Promise.all(
      five.map((store, index) =>
        store.rotateRefreshToken({
          hash: 'five',
          next: { hash: `five${index}`, expiresAt },
          now,
          graceMs: 0,
        }),
      ),
    );
    expect(rotations.map(({ kind }) => kind).sort()).toEqual([
      'reused',
      ...Array<string>(3).fill('revoked'),
      'rotated',
    ]);
  });

  it('When emails have accents, emoji or the metacharacters of SQL, then each is an account of its own and data', async () => {
    const store = opened();
    const emails = [
      'é@x.example',
      'e@x.example',
      'É😀@x.example',
      'é😀%@x.example',
      `'; DROP TABLE users; --\\"\`@x.example`,
    ];
    const users = emails.map(aUser);
    for (const user of users) await store.addUser(user);
    for (const user of users) expect(await store.findUserByEmail(user.email)).toEqual(user);
    expect(await store.findUserByEmail('é😀@X.example')).toEqual(users[2]);
    for (const probe of ["' OR '1'='1", '%', '_@x.example', 'e@x.example\\'])
      expect(await store.findUserByEmail(probe)).toBeUndefined();
    expect(await store.findUser("x' OR 1=1 -- ")).toBeUndefined();
  });

  it('When a newer program made the schema, then the store does not touch it and says so', async () => {
    await opened().countUsers();
    await tables.query("UPDATE schema_migrations SET version = 99 WHERE name = 'users'");
    const store = opened();
    await until(() => store.waitingFor()[0]?.includes('version 99') ?? false);
    await tables.query(
      `UPDATE schema_migrations SET version = ${userMigrations.length} WHERE name = 'users'`,
    );
    await until(() => store.waitingFor().length === 0);
  });

  it('When a process died before it could record the columns it had added, then the next goes on', async () => {
    const store = opened();
    const user = aUser('before@x.example');
    await store.addUser(user);
    await tables.query("UPDATE schema_migrations SET version = 3 WHERE name = 'users'");
    expect(await opened().findUser(user.id)).toEqual(user);
    expect(await tables.query('SELECT version FROM schema_migrations')).toEqual([
      { version: userMigrations.length },
    ]);
  });

  it('When the password is wrong, then that is named without it', async () => {
    const wrong = new URL(url);
    wrong.password = 'secret-guess';
    const store = opened(wrong.href);
    await until(() => !store.waitingFor()[0]?.endsWith('connecting'));
    expect(store.waitingFor()).toEqual([
      `MySQL at ${wrong.hostname}:${wrong.port || 3306}: wrong user or password`,
    ]);
  });

  describe('behind a bad network', () => {
    const { hostname, port } = new URL(url || 'mysql://127.0.0.1');
    let proxy: TcpProxy;
    let store: UserStore;
    beforeEach(async () => {
      proxy = await createTcpProxy({ host: hostname, port: Number(port || 3306) });
      const through = new URL(url);
      through.host = `127.0.0.1:${proxy.port}`;
      const timeouts = { connect: 500, acquire: 600, statement: 600, patience: 1_000 };
      store = createMySqlUserStore({ url: through.href, log: silentLog(), timeouts });
      stores.push(store);
      await until(() => store.waitingFor().length === 0);
    });
    afterEach(() => proxy.close());

    it('When the answer to a rotation is lost, then it has worked once and says so', async () => {
      const user = aUser(`${randomUUID()}@x.example`);
      const [hash, next] = [randomUUID(), { hash: randomUUID(), expiresAt }];
      await store.addUser(user);
      await store.addRefreshToken({ hash, expiresAt, family: randomUUID(), userId: user.id, now });
      let lost = false;
      proxy.onClientData((chunk) => {
        if (lost || !chunk.toString('latin1').endsWith('COMMIT')) return;
        lost = true;
        proxy.blackHole(); // the commit still reaches the server; its answer does not come back
      });
      const rotating = store.rotateRefreshToken({ hash, next, now, graceMs: 0 });
      const successor = `SELECT hash FROM refresh_tokens WHERE hash = '${next.hash}'`;
      await until(async () => (await tables.query(successor)).length > 0);
      proxy.reset();
      proxy.restore();
      expect(await rotating).toEqual({ kind: 'rotated', user });
      const again = { hash: next.hash, next: { hash: randomUUID(), expiresAt }, now, graceMs: 0 };
      expect(await store.rotateRefreshToken(again)).toEqual({ kind: 'rotated', user });
    });

    it('When nothing passes any more, then calls fail as unavailable, and work again once it does', async () => {
      await Promise.all(Array.from({ length: 10 }, () => store.countUsers())); // connections that are kept
      proxy.blackHole();
      await expect(store.countUsers()).rejects.toMatchObject({ kind: 'unavailable' });
      await until(() => store.waitingFor().length > 0);
      expect(store.waitingFor()).toEqual([`MySQL at 127.0.0.1:${proxy.port}: no answer`]);
      proxy.restore();
      await until(() => store.waitingFor().length === 0);
      expect(await store.findUser('nobody')).toBeUndefined();
    });

    it('When every connection is cut, then calls go on over new ones', async () => {
      for (let round = 0; round < 5; round += 1) {
        const calls = Array.from({ length: 20 }, () => store.findUser('nobody'));
        proxy.reset();
        expect(await Promise.all(calls)).toEqual(Array(20).fill(undefined));
      }
    });
  });

  describeKill('killed and started again', () => {
    const tool = (verb: string) => promisify(execFile)(servers, [verb, 'mysql']);

    it('When it dies under fifty logins and rotations, then all of them are answered and every answer is true', async () => {
      const store = opened();
      const user = aUser(`${randomUUID()}@x.example`);
      await store.addUser(user);
      let running = true;
      /** Exchanges its token again and again, without a grace: a rotation done twice would revoke the family. */
      const client = async () => {
        let hash: string = randomUUID();
        await store.addRefreshToken({ hash, expiresAt, family: randomUUID(), userId: user.id, now });
        while (running) {
          const next = { hash: randomUUID(), expiresAt };
          const request = { hash, next, now, graceMs: 0 };
          const { kind } = await store.rotateRefreshToken(request);
          if (kind !== 'rotated') return kind;
          hash = next.hash;
          await store.findUserByEmail(user.email);
        }
        return 'fine';
      };
      const clients = Array.from({ length: 50 }, () => client().catch((error: unknown) => error));
      await until(async () => (await store.countUsers()) > 0);
      await tool('kill');
      await until(() => store.waitingFor().length > 0);
      expect(store.waitingFor()[0]).toMatch(/connection refused|cut/);
      await tool('start');
      await until(() => store.waitingFor().length === 0);
      await store.countUsers();
      running = false;
      const ends = await Promise.all(clients);
      expect(ends).toEqual(Array(50).fill('fine'));
    });

    it('When it is closed while the server is down, then it closes', async () => {
      const store = opened();
      await store.countUsers();
      await tool('kill');
      await until(() => store.waitingFor().length > 0);
      await store.close();
      await tool('start');
    });
  });
});
