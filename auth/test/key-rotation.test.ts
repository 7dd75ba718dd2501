import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSqliteUserStore } from '@image-organizer/adapters/user-store/sqlite';
import { jwks } from '@image-organizer/contracts/http/access-token';
import { session, type Session } from '@image-organizer/contracts/http/session';
import { createAuthClient } from '@image-organizer/gateway/adapters/auth-client';
import { createAccessTokenVerifier } from '@image-organizer/platform/access-token-verifier';
import jwt from 'jsonwebtoken';
import request from 'supertest';
import { rotateKeys } from '../src/domain/signing-keys.ts';
import { startAuth, type RunningAuth } from './start-auth.ts';

const ada = { email: 'ada@example.com', password: 'correct horse' };
const second = 1_000;
const hour = 3_600 * second;
const kidOf = ({ accessToken }: Session) => jwt.decode(accessToken, { complete: true })?.header.kid;

describe('rotating the keys', () => {
  let one: RunningAuth;
  let two: RunningAuth;
  beforeEach(async () => {
    one = await startAuth();
    two = await startAuth({ users: one.users, clock: one.clock });
    await request(one.url).post('/register').send(ada).expect(201);
    one.passes(second); // later keys are younger than the first
  });
  afterEach(() => Promise.all([two.stop(), one.stop()]));

  const post = async (at: RunningAuth, path: string, body: object) =>
    session.parse((await request(at.url).post(path).send(body).expect(200)).body);
  const logIn = (at: RunningAuth) => post(at, '/login', ada);
  const kidsOf = async (at: RunningAuth) =>
    jwks
      .parse((await request(at.url).get('/.well-known/jwks.json').expect(200)).body)
      .keys.map(({ kid }) => kid);
  /** As the gateway checks tokens. */
  const gatewayOn = (at: RunningAuth) => {
    let fetches = 0;
    const client = createAuthClient(at.url);
    const verifier = createAccessTokenVerifier({
      clock: one.clock,
      fetchJwks: () => ((fetches += 1), client.fetchJwks()),
    });
    return { verify: ({ accessToken }: Session) => verifier.verify(accessToken), fetches: () => fetches };
  };

  it('When a key is added, then it is published at every instance within a minute and signs after two', async () => {
    const [before] = await kidsOf(one);
    const { kid } = await rotateKeys(one);
    expect(await kidsOf(two)).not.toContain(kid);
    one.passes(60 * second);
    for (const instance of [one, two]) {
      expect(await kidsOf(instance)).toEqual([kid, before]);
      expect(kidOf(await logIn(instance))).toBe(before);
    }
    one.passes(60 * second);
    for (const instance of [one, two]) expect(kidOf(await logIn(instance))).toBe(kid);
  });

  it('When a session is older than the key, then its token and its refresh token go on working, at any instance', async () => {
    const gateway = gatewayOn(two);
    one.passes(-5 * 60 * second); // so that the token of before outlives the change
    const old = await logIn(one);
    one.passes(5 * 60 * second);
    await gateway.verify(old);
    const { kid } = await rotateKeys(one);
    one.passes(120 * second);
    const next = await post(one, '/refresh', { refreshToken: old.refreshToken });
    expect(kidOf(next)).toBe(kid);
    for (const each of [old, next]) {
      expect(await gateway.verify(each)).toMatchObject({ email: ada.email });
    }
    expect(kidOf(old)).not.toBe(kid);
  });

  it('When somebody makes the gateway fetch the keys all the time, then it does so every 30 s and still knows the new key', async () => {
    const gateway = gatewayOn(two);
    const madeUp = { ...(await logIn(one)), accessToken: jwt.sign({}, 'secret', { keyid: 'made-up' }) };
    const annoyFor = async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 10) {
        await expect(gateway.verify(madeUp)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
        one.passes(10 * second);
      }
    };
    await rotateKeys(one);
    await annoyFor(120);
    expect(gateway.fetches()).toBe(4);
    await expect(gateway.verify(madeUp)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    expect(gateway.fetches()).toBe(5);
    expect(await gateway.verify(await logIn(one))).toMatchObject({ email: ada.email });
    expect(gateway.fetches()).toBe(5);
  });

  it('When no token of a key can live any more, then auth removes it; until then it stays', async () => {
    const [before] = await kidsOf(one);
    const { kid } = await rotateKeys(one);
    const restarted = async () => {
      const instance = await startAuth({ users: one.users, clock: one.clock });
      await instance.stop();
      return (await one.users.signingKeys()).map((key) => key.kid);
    };
    one.passes(120 * second + 25 * hour);
    expect(await restarted()).toEqual([kid, before]);
    one.passes(1);
    expect(await restarted()).toEqual([kid]);
    one.passes(1_000 * hour);
    expect(await restarted()).toEqual([kid]);
  });

  it('When the others are dropped, then the new key signs at once, old tokens fail and refresh tokens work', async () => {
    const old = await logIn(one);
    const { kid } = await rotateKeys(one, { dropOthers: true });
    const restarted = await startAuth({ users: one.users, clock: one.clock });
    const gateway = gatewayOn(restarted);
    await expect(gateway.verify(old)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    const next = await post(restarted, '/refresh', { refreshToken: old.refreshToken });
    expect(kidOf(next)).toBe(kid);
    expect(await gateway.verify(next)).toMatchObject({ email: ada.email });
    await restarted.stop();
  });

  it('When the store cannot be used, then the keys of before are published on', async () => {
    const down = { ...one.users };
    const three = await startAuth({ users: down, clock: one.clock });
    const kids = await kidsOf(three);
    down.signingKeys = () => Promise.reject(new Error('gone'));
    one.passes(hour);
    expect(await kidsOf(three)).toEqual(kids);
    down.waitingFor = () => ['MySQL'];
    expect(await kidsOf(three)).toEqual(kids);
    await three.stop();
  });
});

describe('node auth/src/rotate-keys.ts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rotate-keys-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (args: string[], env: Record<string, string>) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, '../src/rotate-keys.ts'), ...args], {
      env,
    });

  it('When it is run, then there is one key more, and with --drop-others there is only the new one', async () => {
    const env = { DATA_DIR: folder };
    await run([], env);
    const { stdout } = await run([], env);
    const users = createSqliteUserStore({ path: join(folder, 'users.db') });
    const keys = await users.signingKeys();
    expect(keys).toHaveLength(2);
    expect(stdout).toContain(`Key ${keys[0]!.kid} signs from `);
    expect(stdout).not.toContain('PRIVATE');
    await run(['--drop-others'], env);
    const [only, ...others] = await users.signingKeys();
    expect(others).toEqual([]);
    expect(keys.map(({ kid }) => kid)).not.toContain(only!.kid);
    await users.close();
  });

  it('When the database is not there, then it says so and fails', async () => {
    const env = { MYSQL_URL: 'mysql://auth:secret-word@127.0.0.1:1/auth' };
    const failed: unknown = await run([], env).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be used') });
    expect(failed).toMatchObject({ stderr: expect.not.stringContaining('secret-word') });
  });
});
