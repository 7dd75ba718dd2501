import { createHash, randomUUID } from 'node:crypto';
import {
  apiTokenClaims,
  apiTokenList,
  createdApiToken,
  type CreatedApiToken,
} from '@image-organizer/contracts/http/api-token';
import { ownAccount } from '@image-organizer/contracts/http/account';
import { admin, ada, codeOf, minute, startAccounts, type Accounts } from './accounts.ts';

let accounts: Accounts;
let login: string;
beforeEach(async () => {
  accounts = await startAccounts();
  login = (await accounts.logIn()).accessToken;
});
afterEach(() => accounts.stop());

const create = (body: object, token = login) => accounts.call('post', '/api/tokens', token).send(body);
const created = async (body: object = {}, token = login): Promise<CreatedApiToken> => {
  const sent = create({ name: 'scanner', scopes: ['read'], ...body }, token);
  return createdApiToken.parse((await sent.expect(201)).body);
};
const listed = async (token = login) =>
  apiTokenList.parse((await accounts.call('get', '/api/tokens', token).expect(200)).body).items;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const verify = (text: string) =>
  accounts.call('post', '/internal/api-tokens/verify').send({ hash: hashOf(text) });
const change = (id: string, fields: object) =>
  accounts.call('patch', `/api/admin/users/${id}`, accounts.adminToken).send(fields);

describe('making a token', () => {
  it('When it is made, then its text is 256 random bits, shown once, and only its hash is kept', async () => {
    const { token, ...view } = await created({ scopes: ['upload', 'read', 'upload'] });
    expect(token).toMatch(/^io_[A-Za-z0-9_-]{43}$/);
    expect(view).toMatchObject({
      name: 'scanner',
      scopes: ['upload', 'read'],
      expiresAt: null,
      lastUsedAt: null,
    });
    expect(await listed()).toEqual([view]);
    expect((await accounts.users.findApiToken(hashOf(token)))?.token.id).toBe(view.id);
    expect(accounts.logLines.join('')).not.toContain(token);
  });

  it.each([
    ['no scope', { scopes: [] }],
    ['a scope that is none', { scopes: ['root'] }],
    ['no name', { name: ' ' }],
    ['an expiry in the past', { expiresAt: '2026-01-15T12:00:00.000Z' }],
    ['an expiry that is no time', { expiresAt: 'tomorrow' }],
    ['a field too many', { userId: randomUUID() }],
  ])('When it has %s, then it is refused and none is made', async (_what, fields) => {
    const answer = await create({ name: 'scanner', scopes: ['read'], ...fields }).expect(400);
    expect(codeOf(answer)).toBe('INVALID_INPUT');
    expect(await listed()).toEqual([]);
  });

  it('When a user asks for the scope admin, then it is refused; an administrator gets it', async () => {
    expect(codeOf(await create({ name: 'x', scopes: ['admin'] }).expect(403))).toBe('ADMIN_REQUIRED');
    expect((await created({ scopes: ['admin'] }, accounts.adminToken)).scopes).toEqual(['admin']);
  });

  it('When there are a hundred, then no more are made until one is revoked', async () => {
    const { id } = await created();
    for (let made = 1; made < 100; made += 1) await created();
    expect(codeOf(await create({ name: 'x', scopes: ['read'] }).expect(409))).toBe('TOO_MANY_API_TOKENS');
    await accounts.call('delete', `/api/tokens/${id}`, login).expect(204);
    await created();
  });
});

describe('checking a token', () => {
  it('When it is good, then auth says whose it is and what it may do, and when it was used', async () => {
    const { token, id } = await created({ expiresAt: '2026-01-16T12:00:00Z' });
    expect(apiTokenClaims.parse((await verify(token).expect(200)).body)).toEqual({
      ...{ sub: accounts.adaId, email: ada.email, role: 'user', tokenId: id, scopes: ['read'] },
      quota: { images: null, bytes: null },
      expiresAt: '2026-01-16T12:00:00.000Z',
    });
    const usedAt = accounts.clock.now().toISOString();
    accounts.passes(minute - 1);
    await verify(token).expect(200);
    expect(await listed()).toMatchObject([{ lastUsedAt: usedAt }]);
  });

  it('When it was revoked, then it is good for nothing, and cannot be revoked again', async () => {
    const { token, id } = await created();
    await accounts.call('delete', `/api/tokens/${id}`, login).expect(204);
    await verify(token).expect(404);
    expect(await listed()).toEqual([]);
    expect(codeOf(await accounts.call('delete', `/api/tokens/${id}`, login).expect(404))).toBe(
      'API_TOKEN_NOT_FOUND',
    );
    expect(codeOf(await accounts.call('get', '/api/account', token).expect(401))).toBe('INVALID_TOKEN');
  });

  it('When it has expired, then it is good for nothing; until then it is', async () => {
    const { token } = await created({ expiresAt: '2026-01-15T12:01:00Z' });
    accounts.passes(minute - 1);
    await verify(token).expect(200);
    accounts.passes(1);
    await verify(token).expect(404);
  });

  it('When its owner is disabled, then it is good for nothing, and again once they are not', async () => {
    const { token } = await created();
    await change(accounts.adaId, { disabled: true }).expect(200);
    await verify(token).expect(404);
    await change(accounts.adaId, { disabled: false }).expect(200);
    await verify(token).expect(200);
  });

  it('When its owner is an administrator no more, then it loses that scope and keeps the others', async () => {
    await change(accounts.adaId, { role: 'admin' }).expect(200);
    const { token } = await created({ scopes: ['admin', 'read'] });
    await accounts.call('get', '/api/admin/users', token).expect(200);
    await change(accounts.adaId, { role: 'user' }).expect(200);
    expect((await verify(token).expect(200)).body).toMatchObject({ scopes: ['read'], role: 'user' });
    expect(codeOf(await accounts.call('get', '/api/admin/users', token).expect(403))).toBe('ADMIN_REQUIRED');
  });

  it('When nobody made it, or the hash is none, then it is refused', async () => {
    await verify('io_nothing').expect(404);
    await accounts.call('post', '/internal/api-tokens/verify').send({ hash: 'x' }).expect(400);
  });
});

describe('what is somebody’s own', () => {
  it('When somebody else revokes it by its id, then there is no such token, and it works on', async () => {
    const { token, id } = await created();
    await accounts.call('delete', `/api/tokens/${id}`, accounts.adminToken).expect(404);
    await accounts.call('delete', '/api/tokens/nothing', login).expect(404);
    await verify(token).expect(200);
    expect(await listed(accounts.adminToken)).toEqual([]);
  });

  it('When an API token is sent for tokens or the password, then a login is asked for', async () => {
    const { token, id } = await created({ scopes: ['read', 'write', 'admin'] }, accounts.adminToken);
    for (const [method, path] of [
      ['get', '/api/tokens'],
      ['post', '/api/tokens'],
      ['delete', `/api/tokens/${id}`],
      ['post', '/api/account/password'],
    ] as const)
      expect(codeOf(await accounts.call(method, path, token).expect(403))).toBe('LOGIN_REQUIRED');
  });

  it('When nobody is logged in, then it is 401', async () => {
    for (const path of ['/api/account', '/api/tokens', '/api/admin/users', '/api/admin/invites'])
      expect(codeOf(await accounts.call('get', path).expect(401))).toBe('UNAUTHORIZED');
  });

  it('When somebody asks who they are, then with a login and with a token they are told', async () => {
    const { token } = await created();
    const who = async (by: string) =>
      ownAccount.parse((await accounts.call('get', '/api/account', by).expect(200)).body);
    const account = { id: accounts.adaId, email: ada.email, role: 'user' };
    expect(await who(login)).toMatchObject({ ...account, scopes: null });
    expect(await who(token)).toMatchObject({ ...account, scopes: ['read'] });
    expect(await who(accounts.adminToken)).toMatchObject({ email: admin.email, role: 'admin' });
  });
});
