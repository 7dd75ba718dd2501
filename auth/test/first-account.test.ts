import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteUserStore } from '@image-organizer/adapters/user-store/sqlite';
import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import request from 'supertest';
import { startAuth, type RunningAuth } from './start-auth.ts';

describe('the first account', () => {
  const folder = mkdtempSync(join(tmpdir(), 'first-account-'));
  let users: UserStore;
  let instances: RunningAuth[];
  beforeEach(() => {
    users = createSqliteUserStore({ path: join(folder, `${randomUUID()}.sqlite`) });
    instances = [];
  });
  afterEach(async () => {
    for (const instance of instances) await instance.stop();
    await users.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const start = async (env: Record<string, string> = {}) => {
    const instance = await startAuth({ users, env });
    instances.push(instance);
    const logIn = (email: string, password: string) =>
      request(instance.url).post('/login').send({ email, password });
    return { ...instance, logIn, firstAccount: instance.auth.firstAccount };
  };
  const roleOf = async (email: string) => (await users.findUserByEmail(email))?.role;

  it('When there is nobody and nothing is set, then an administrator with a made-up password is told once', async () => {
    const { firstAccount, logIn, logLines } = await start();
    expect(firstAccount).toEqual({
      email: 'admin@example.com',
      madePassword: expect.stringMatching(/^[\w-]{24}$/),
    });
    await logIn(firstAccount.email, firstAccount.madePassword!).expect(200);
    expect(await roleOf('admin@example.com')).toBe('admin');
    expect(logLines.join('')).not.toContain(firstAccount.madePassword);
    expect((await start()).firstAccount).toEqual({ email: 'admin@example.com', madePassword: null });
  });

  it('When email and password are set, then they are taken and nothing is told', async () => {
    const env = { ADMIN_EMAIL: 'Chief@Example.com', ADMIN_PASSWORD: 'correct horse' };
    const { firstAccount, logIn } = await start(env);
    expect(firstAccount).toEqual({ email: 'chief@example.com', madePassword: null });
    await logIn('chief@example.com', 'correct horse').expect(200);
    expect(await roleOf('chief@example.com')).toBe('admin');
  });

  it('When only the email is set, then the password is made up and told', async () => {
    const { firstAccount, logIn } = await start({ ADMIN_EMAIL: 'chief@example.com' });
    await logIn('chief@example.com', firstAccount.madePassword!).expect(200);
  });

  it('When there is an account already, then nothing changes, whatever is set', async () => {
    await start({ ADMIN_EMAIL: 'ada@example.com', ADMIN_PASSWORD: 'correct horse' });
    const before = await users.findUserByEmail('ada@example.com');
    await start({ ADMIN_EMAIL: 'ada@example.com', ADMIN_PASSWORD: 'another horse' });
    await start({ ADMIN_EMAIL: 'bob@example.com', ADMIN_PASSWORD: 'another horse' });
    expect(await users.findUserByEmail('ada@example.com')).toEqual(before);
    expect(await users.countUsers()).toBe(1);
  });

  it('When two instances start at once, then one makes the account and tells its password', async () => {
    const both = await Promise.all([start(), start()]);
    const made = both.flatMap(({ firstAccount }) => firstAccount.madePassword ?? []);
    expect(made).toHaveLength(1);
    await both[0].logIn('admin@example.com', made[0]!).expect(200);
  });
});
