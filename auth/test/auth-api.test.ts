import { createPublicKey } from 'node:crypto';
import { accessTokenAudience, accessTokenIssuer, jwks } from '@image-organizer/contracts/http/access-token';
import { problem } from '@image-organizer/contracts/http/problem';
import { account, session, type Session } from '@image-organizer/contracts/http/session';
import jwt from 'jsonwebtoken';
import request from 'supertest';
import { createBcryptHasher } from '../src/adapters/bcrypt-hasher.ts';
import type { PasswordHasher } from '../src/domain/password-hasher.ts';
import { startAuth, type RunningAuth } from './start-auth.ts';

const ada = { email: 'ada@example.com', password: 'correct horse' };
const day = 24 * 60 * 60 * 1000;

let running: RunningAuth;
const begin = async (options?: Parameters<typeof startAuth>[0]) => (running = await startAuth(options));
afterEach(() => running.stop());

const post = (path: string, body?: object) => request(running.url).post(path).send(body);
const withAda = async (options?: Parameters<typeof startAuth>[0]) => {
  await begin(options);
  await post('/register', ada).expect(201);
};
const logIn = async (): Promise<Session> => session.parse((await post('/login', ada).expect(200)).body);
const refresh = (refreshToken: string) => post('/refresh', { refreshToken });
const refreshed = async (refreshToken: string) =>
  session.parse((await refresh(refreshToken).expect(200)).body);
const codeOf = (response: request.Response) => problem.parse(response.body).code;
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;
const fromAddress = (address: string, body: object) => post('/login', body).set('X-Forwarded-For', address);

describe('POST /login', () => {
  it('When the password is right, then the answer is a session that no cache keeps', async () => {
    await withAda();
    const response = await post('/login', ada).expect(200);
    expect(session.parse(response.body)).toEqual({ ...response.body, expiresIn: 600, tokenType: 'Bearer' });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('When the access token is checked with the published key alone, then it names the user for ten minutes', async () => {
    await withAda();
    const { accessToken } = await logIn();
    const { keys } = jwks.parse((await request(running.url).get('/.well-known/jwks.json').expect(200)).body);
    expect(jwt.decode(accessToken, { complete: true })?.header).toMatchObject({
      alg: 'RS256',
      kid: keys[0]!.kid,
    });
    const now = running.clock.now().getTime() / 1000;
    const claims = jwt.verify(accessToken, createPublicKey({ key: keys[0]!, format: 'jwk' }), {
      algorithms: ['RS256'],
      issuer: accessTokenIssuer,
      audience: accessTokenAudience,
      clockTimestamp: now,
    });
    const user = await running.users.findUserByEmail(ada.email);
    expect(claims).toMatchObject({ sub: user!.id, email: ada.email, role: 'user', iat: now, exp: now + 600 });
  });

  it('When the keys are published, then nothing private is among them', async () => {
    await begin();
    const { body } = await request(running.url).get('/.well-known/jwks.json').expect(200);
    expect(body.keys.map((key: object) => Object.keys(key).sort())).toEqual([
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ]);
  });

  it('When auth starts again, then tokens of before are still good', async () => {
    const one = await begin();
    const before = await request(one.url).get('/.well-known/jwks.json');
    const two = await startAuth({ users: one.users });
    const after = await request(two.url).get('/.well-known/jwks.json');
    await two.stop();
    expect(after.body).toEqual(before.body);
  });

  it('When curl sends the credentials as Basic, with a colon and an umlaut in the password, then they are read', async () => {
    await begin();
    await post('/register', { ...ada, password: 'grün:gelb:blau' }).expect(201);
    await post('/login')
      .set('Authorization', basic(`${ada.email}:grün:gelb:blau`))
      .expect(200);
  });

  it('When the email is written with blanks and capitals, then it is the same account', async () => {
    await withAda();
    await post('/login', { ...ada, email: ' Ada@Example.COM ' }).expect(200);
    await post('/login')
      .set('Authorization', basic(`ADA@example.com:${ada.password}`))
      .expect(200);
  });

  it('When the account is unknown, then answer and work are those of a wrong password', async () => {
    const real = createBcryptHasher({ cost: 4 });
    const checked: (string | undefined)[] = [];
    const hasher: PasswordHasher = {
      ...real,
      matches: (password, hash) => (checked.push(hash), real.matches(password, hash)),
    };
    await withAda({ hasher });
    const wrong = await post('/login', { ...ada, password: 'wrong horse' })
      .set('X-Request-Id', 'same')
      .expect(401);
    const unknown = await post('/login', { email: 'bob@example.com', password: 'wrong horse' })
      .set('X-Request-Id', 'same')
      .expect(401);
    expect(codeOf(unknown)).toBe('INVALID_CREDENTIALS');
    expect(unknown.body).toEqual(wrong.body);
    expect(unknown.headers['www-authenticate']).toBe(wrong.headers['www-authenticate']);
    expect(unknown.headers['www-authenticate']).toBeDefined();
    expect(checked).toEqual([expect.stringMatching(/^\$2b\$04\$/), undefined]);
  });

  it('When bytes are added to a password of 72 bytes, then it is wrong, though bcrypt would not see them', async () => {
    await begin();
    const longest = { ...ada, password: 'p'.repeat(72) };
    await post('/register', longest).expect(201);
    await post('/login', longest).expect(200);
    await post('/login', { ...ada, password: longest.password + 'q' }).expect(401);
  });

  const malformed: [string, (url: string) => request.Test][] = [
    ['nothing', (url) => request(url).post('/login')],
    ['no password', (url) => request(url).post('/login').send({ email: ada.email })],
    [
      'an email that is none',
      (url) =>
        request(url)
          .post('/login')
          .send({ ...ada, email: 'ada' }),
    ],
    ['a list', (url) => request(url).post('/login').send([ada])],
    ['a form', (url) => request(url).post('/login').type('form').send(ada)],
    [
      'a password that is an object',
      (url) =>
        request(url)
          .post('/login')
          .send({ ...ada, password: { $ne: '' } }),
    ],
    ['Basic without a colon', (url) => request(url).post('/login').set('Authorization', basic(ada.email))],
    ['Basic that is no base64', (url) => request(url).post('/login').set('Authorization', 'Basic ***')],
    ['a bearer token instead', (url) => request(url).post('/login').set('Authorization', 'Bearer abc')],
  ];
  it.each(malformed)('When the client sends %s, then the answer says what to send', async (_what, send) => {
    const response = await send((await begin()).url).expect(400);
    expect(codeOf(response)).toBe('MALFORMED_CREDENTIALS');
    expect(response.body.detail).toContain('curl -u email:password');
  });

  it('When the JSON is broken or beyond 10 kB, then that is a problem of the client', async () => {
    await begin();
    const broken = await request(running.url).post('/login').type('json').send('{"email": ').expect(400);
    expect(problem.parse(broken.body).status).toBe(400);
    await post('/login', { ...ada, filler: 'x'.repeat(10_240) }).expect(413);
  });
});

describe('login limits', () => {
  const wrong = { ...ada, password: 'wrong horse' };
  const failTimes = async (times: number, body: object) => {
    for (let index = 0; index < times; index += 1) await post('/login', body).expect(401);
  };

  it('When five logins have failed, then the account is blocked even for the right password, and says how long', async () => {
    await withAda();
    await failTimes(5, wrong);
    const response = await post('/login', ada).expect(429);
    expect(codeOf(response)).toBe('TOO_MANY_ATTEMPTS');
    expect(response.headers['retry-after']).toMatch(/^\d+$/);
  });

  it('When an account is unknown, then it is blocked alike', async () => {
    await begin();
    await failTimes(5, { email: 'bob@example.com', password: 'wrong horse' });
    await post('/login', { email: 'BOB@example.com', password: 'wrong horse' }).expect(429);
  });

  it('When a login succeeds, then the failures before it are forgotten', async () => {
    await withAda();
    await failTimes(4, wrong);
    await logIn();
    await failTimes(4, wrong);
    await logIn();
  });

  it('When twenty guesses come at once, then five are tried', async () => {
    await withAda();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/login', wrong)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('When twenty right logins come at once, then all succeed', async () => {
    await withAda();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/login', ada)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  it('When one address tries fifty accounts, then it is blocked for every account, and other addresses are not', async () => {
    await withAda();
    for (let index = 0; index < 50; index += 1) {
      await fromAddress('203.0.113.7', { email: `user${index}@example.com`, password: 'wrong horse' }).expect(
        401,
      );
    }
    await fromAddress('203.0.113.7', ada).expect(429);
    await fromAddress('203.0.113.8', ada).expect(200);
  });
});

describe('POST /refresh and /logout', () => {
  it('When a session is refreshed, then both tokens are new and the next refresh works', async () => {
    await withAda();
    const first = await logIn();
    running.passes(60_000);
    const second = await refreshed(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    await refreshed(second.refreshToken);
  });

  it('When the answer was lost, then the same token works once more within ten seconds', async () => {
    await withAda();
    const { refreshToken } = await logIn();
    await refreshed(refreshToken);
    running.passes(9_999);
    await refreshed(refreshToken);
  });

  it('When a used token comes again after ten seconds, then all that followed from its login is revoked', async () => {
    await withAda();
    const stolen = await logIn();
    const elsewhere = await logIn();
    const next = await refreshed(stolen.refreshToken);
    running.passes(10_000);
    expect(codeOf(await refresh(stolen.refreshToken).expect(401))).toBe('INVALID_REFRESH_TOKEN');
    await refresh(next.refreshToken).expect(401);
    await refreshed(elsewhere.refreshToken);
  });

  it('When thirty days have passed, then the token is refused', async () => {
    await withAda();
    const [one, two] = [await logIn(), await logIn()];
    running.passes(30 * day - 1);
    await refreshed(one.refreshToken);
    running.passes(1);
    await refresh(two.refreshToken).expect(401);
  });

  it('When somebody logs out, then the session cannot be refreshed, and logging out again is no error', async () => {
    await withAda();
    const { refreshToken } = await logIn();
    await post('/logout', { refreshToken }).expect(204);
    await post('/logout', { refreshToken }).expect(204);
    await refresh(refreshToken).expect(401);
  });

  it('When the token is unknown, then it is refused; when it is missing, then the answer says so', async () => {
    await begin();
    await refresh('made-up').expect(401).expect('WWW-Authenticate', /.+/);
    expect(codeOf(await post('/refresh', {}).expect(400))).toBe('INVALID_INPUT');
    expect(codeOf(await post('/logout').expect(400))).toBe('INVALID_INPUT');
  });

  it('When auth starts, then it forgets tokens that have expired', async () => {
    await withAda();
    await logIn();
    const later = { now: () => new Date(running.clock.now().getTime() + 31 * day) };
    const restarted = await startAuth({ users: running.users, clock: later });
    await restarted.stop();
    expect(await running.users.deleteExpiredRefreshTokens(later.now())).toBe(0);
  });
});

describe('POST /register', () => {
  it('When registration is open, then the account is a plain user with a normalised email', async () => {
    await begin();
    const response = await post('/register', { ...ada, email: ' Ada@Example.com ', role: 'admin' }).expect(
      201,
    );
    expect(account.parse(response.body)).toEqual({ id: expect.any(String), email: ada.email, role: 'user' });
    expect(JSON.stringify(response.body)).not.toMatch(/hash|\$2b/);
  });

  it('When the email is taken, in whatever case, then the answer says so', async () => {
    await withAda();
    const response = await post('/register', { ...ada, email: 'ADA@example.com' }).expect(409);
    expect(codeOf(response)).toBe('EMAIL_TAKEN');
  });

  it.each([
    ['7 bytes', 'sevenby'],
    ['73 bytes', 'p'.repeat(73)],
    ['72 letters of more than 72 bytes', 'é'.repeat(72)],
  ])('When the password has %s, then it is refused and nobody is added', async (_size, password) => {
    await begin();
    expect(codeOf(await post('/register', { ...ada, password }).expect(422))).toBe('WEAK_PASSWORD');
    expect(await running.users.findUserByEmail(ada.email)).toBeUndefined();
  });

  it('When registration is closed, then nobody is added, whatever is sent', async () => {
    await begin({ env: { REGISTRATION: 'closed' } });
    expect(codeOf(await post('/register', ada).expect(403))).toBe('REGISTRATION_CLOSED');
    await post('/register', {}).expect(400);
    expect(await running.users.findUserByEmail(ada.email)).toBeUndefined();
  });
});

describe('secrets', () => {
  it('When people register, log in, fail and refresh, then no password or token is in the log', async () => {
    await withAda();
    const { refreshToken, accessToken } = await logIn();
    await post('/login', { ...ada, password: 'wrong horse' }).expect(401);
    const next = await refreshed(refreshToken);
    const log = running.logLines.join('');
    expect(log).toContain('login refused');
    for (const secret of [ada.password, 'wrong horse', refreshToken, next.refreshToken, accessToken]) {
      expect(log).not.toContain(secret);
    }
  });
});
