import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as rawRequest, type IncomingMessage } from 'node:http';
import type { Scope } from '@image-organizer/contracts/http/api-token';
import { ada, admin, startAccounts, type Accounts } from '../../auth/test/accounts.ts';
import request from 'supertest';
import { jpeg } from './support/files.ts';
import { startGateway, type TestGateway } from './support/start-gateway.ts';

// The gateway with a real auth behind it, over HTTP as in production.

type Method = 'get' | 'head' | 'post' | 'patch' | 'delete';
const second = 1_000;
let auth: Accounts;
let gateway: TestGateway;
const start = async () => {
  auth = await startAccounts({ env: { REGISTRATION: 'invited' } });
  gateway = await startGateway({ authUrl: auth.url, now: auth.clock.now });
};
const stop = async () => {
  await gateway.stop();
  await auth.stop();
};

const call = (method: Method, path: string, token?: string) => {
  const asked = request(gateway.url)[method](path);
  return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`);
};
const logIn = async (who = ada) =>
  (await call('post', '/login').send(who).expect(200)).body.accessToken as string;
const tokenWith = async (scopes: Scope[], login?: string) => {
  const made = call('post', '/api/tokens', login ?? (await logIn())).send({ name: 'a program', scopes });
  return (await made.expect(201)).body as { id: string; token: string };
};
const upload = (token: string, path = '/upload') =>
  call('post', path, token).attach('file', jpeg(), { filename: 'image.jpg' });
/** The path as it is, which no client library sends. @returns the status */
async function rawStatus(method: string, path: string, token: string, body = ''): Promise<number> {
  const { hostname, port } = new URL(gateway.url);
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const sent = rawRequest({ hostname, port, method, path, headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode!;
}

describe('the scopes of an API token', () => {
  beforeAll(start);
  afterAll(stop);

  const asks: Record<string, (token: string) => request.Test> = {
    'GET /api/images': (token) => call('get', '/api/images', token),
    'HEAD /api/stats': (token) => call('head', '/api/stats', token),
    'GET /api/account': (token) => call('get', '/api/account', token),
    'POST /upload': (token) => upload(token),
    'POST /api/images': (token) => upload(token, '/api/images'),
    'PATCH /api/images/{id}': (token) =>
      call('patch', `/api/images/${randomUUID()}`, token).send({ tags: ['x'] }),
    'DELETE /api/images/{id}': (token) => call('delete', `/api/images/${randomUUID()}`, token),
    'POST /api/images/move': (token) =>
      call('post', '/api/images/move', token).send({ ids: [randomUUID()], folder: 'A' }),
    'GET /api/admin/users': (token) => call('get', '/api/admin/users', token),
  };
  const reads = ['GET /api/images', 'HEAD /api/stats', 'GET /api/account'];
  const uploads = ['POST /upload', 'POST /api/images'];
  const changes = ['PATCH /api/images/{id}', 'DELETE /api/images/{id}', 'POST /api/images/move'];
  const administration = ['GET /api/admin/users'];
  const allowed: [Scope, string[]][] = [
    ['read', reads],
    ['upload', uploads],
    ['write', [...uploads, ...changes]],
    ['admin', administration],
  ];
  const neededBy = (name: string): Scope =>
    allowed.find(([scope, names]) => scope !== 'write' && names.includes(name))?.[0] ?? 'write';

  it.each(allowed)('When it has %s, then it may do that and nothing else', async (scope, may) => {
    const { token } = await tokenWith([scope], await logIn(admin));
    for (const [name, ask] of Object.entries(asks)) {
      const { status, body } = await ask(token);
      const refused = !may.includes(name);
      expect({ name, refused: status === 403 }).toEqual({ name, refused });
      if (!refused || name.startsWith('HEAD')) continue;
      expect(body).toMatchObject({ code: 'MISSING_SCOPE' });
      expect(body.detail).toContain(`the scope ${neededBy(name)}`);
    }
  });

  it('When somebody is no administrator, then no token and no login of theirs opens /api/admin', async () => {
    const { token } = await tokenWith(['read', 'write']);
    const login = await logIn();
    for (const path of ['/api/admin/users', '/api/admin/invites']) {
      expect((await call('get', path, token).expect(403)).body.code).toBe('MISSING_SCOPE');
      expect((await call('get', path, login).expect(403)).body.code).toBe('ADMIN_REQUIRED');
    }
  });

  it('When a token is used for tokens or the password, then a login is asked for', async () => {
    const { token, id } = await tokenWith(['read', 'write', 'upload']);
    for (const [method, path] of [
      ['get', '/api/tokens'],
      ['post', '/api/tokens'],
      ['delete', `/api/tokens/${id}`],
      ['post', '/api/account/password'],
    ] as const)
      expect((await call(method, path, token).expect(403)).body.code).toBe('LOGIN_REQUIRED');
  });
});

describe('an API token', () => {
  beforeEach(start);
  afterEach(stop);

  it('When it is revoked, then it works for 30 seconds at most', async () => {
    const login = await logIn();
    const { token, id } = await tokenWith(['read'], login);
    await call('get', '/api/images', token).expect(200);
    await call('delete', `/api/tokens/${id}`, login).expect(204);
    auth.passes(30 * second + 1);
    expect((await call('get', '/api/images', token).expect(401)).body.code).toBe('INVALID_TOKEN');
  });

  it('When its owner is disabled, then it works for 30 seconds at most', async () => {
    const { token } = await tokenWith(['read']);
    await call('get', '/api/images', token).expect(200);
    const disabled = call('patch', `/api/admin/users/${auth.adaId}`, auth.adminToken);
    await disabled.send({ disabled: true }).expect(200);
    auth.passes(30 * second + 1);
    await call('get', '/api/images', token).expect(401);
    await call('post', '/login').send(ada).expect(401);
  });

  it('When it is another’s, then what it asks for is not there', async () => {
    const { token: theirs } = await tokenWith(['read'], await logIn(admin));
    const { token } = await tokenWith(['read', 'write']);
    const { body } = await upload(token).expect(202);
    const path = `/api/images/${body.images[0].id}`;
    await call('get', path, token).expect(200);
    await call('get', path, theirs).expect(404);
    expect((await call('get', '/api/images', theirs).expect(200)).body.items).toEqual([]);
  });

  it.each(['io_', `io_${'A'.repeat(43)}`, `io_${'A'.repeat(5_000)}`, 'IO_x', 'x.y.z'])(
    'When the token %j is made up, then it is 401',
    async (token) => {
      expect((await call('get', '/api/images', token).expect(401)).body.code).toBe('INVALID_TOKEN');
    },
  );
});

describe('what is of auth alone', () => {
  beforeAll(start);
  afterAll(stop);

  it.each([
    '/internal/api-tokens/verify',
    '/api/internal/api-tokens/verify',
    '/api/tokens/../../internal/api-tokens/verify',
    '/api/account/..%2f..%2finternal%2fapi-tokens%2fverify',
    '//internal/api-tokens/verify',
  ])('When %s is asked of the gateway, then there is no such thing', async (path) => {
    const body = JSON.stringify({ hash: 'a'.repeat(64) });
    expect(await rawStatus('POST', path, await logIn(admin), body)).toBe(404);
  });

  it.each(['..', '%2e%2e', '..%2f..%2finternal', 'nothing'])(
    'When the id of a token is %s, then nothing is asked of auth',
    async (id) => {
      expect(await rawStatus('DELETE', `/api/tokens/${id}`, await logIn())).toBe(404);
    },
  );
});

describe('an account, through the gateway', () => {
  beforeEach(start);
  afterEach(stop);

  it('When somebody is invited, then they register, and are who they are', async () => {
    const email = 'bob@example.com';
    const { body: invite } = await call('post', '/api/admin/invites', auth.adminToken)
      .send({ email })
      .expect(201);
    const bob = { email, password: 'battery staple' };
    expect((await call('post', '/register').send(bob).expect(403)).body.code).toBe('INVITE_REQUIRED');
    const { body } = await call('post', '/register')
      .send({ ...bob, invite: invite.token })
      .expect(201);
    const { body: account } = await call('get', '/api/account', await logIn(bob)).expect(200);
    expect(account).toEqual({
      ...{ id: body.id, email, role: 'user', scopes: null },
      quota: { images: null, bytes: null },
    });
    const listed = await call('get', '/api/admin/users?limit=1', auth.adminToken).expect(200);
    expect(listed.body).toMatchObject({ items: [{ email: ada.email }], nextCursor: expect.any(String) });
  });

  it('When the password is changed, then the refresh token is of no use and the new password is', async () => {
    const { body: session } = await call('post', '/login').send(ada).expect(200);
    const changed = { current: ada.password, new: 'a better horse' };
    await call('post', '/api/account/password', session.accessToken).send(changed).expect(204);
    await call('post', '/refresh').send({ refreshToken: session.refreshToken }).expect(401);
    await logIn({ ...ada, password: changed.new });
  });

  it('When what is sent is wrong, then auth’s answer passes', async () => {
    await call('post', '/password-reset').send({ email: ada.email }).expect(503);
    await call('post', '/password-reset/confirm').send({ token: 'x', password: 'long enough' }).expect(403);
    const login = await logIn();
    await call('post', '/api/tokens', login).send({ name: 'x' }).expect(400);
    await call('delete', `/api/tokens/${randomUUID()}`, login).expect(404);
    await call('get', '/api/admin/users?limit=x', auth.adminToken).expect(400);
    await call('patch', `/api/admin/users/${randomUUID()}`, auth.adminToken)
      .send({ disabled: true })
      .expect(404);
    await call('delete', `/api/admin/invites/${randomUUID()}`, auth.adminToken).expect(404);
    await call('post', '/api/tokens', login)
      .send({ name: 'x'.repeat(10_001) })
      .expect(413);
  });
});
