import { randomUUID } from 'node:crypto';
import { adminUserList, createdInvite, inviteList } from '@image-organizer/contracts/http/admin-user';
import { ada, admin, codeOf, createMemoryMailer, minute, startAccounts, type Accounts } from './accounts.ts';

let accounts: Accounts;
const begin = async (options?: Parameters<typeof startAccounts>[0]) => {
  accounts = await startAccounts(options);
};
afterEach(() => accounts.stop());

const as = (method: 'get' | 'post' | 'patch' | 'delete', path: string) =>
  accounts.call(method, path, accounts.adminToken);
const register = (body: object) => accounts.call('post', '/register').send(body);
const bob = { email: 'bob@example.com', password: 'battery staple' };

describe('invites', () => {
  it.each(['closed', 'invited', 'open'])(
    'When registration is %s, then an invite makes an account with its role, once',
    async (registration) => {
      await begin({ env: { REGISTRATION: registration } });
      const { token: invite } = createdInvite.parse(await accounts.invite(bob.email, 'admin'));
      const { body } = await register({ ...bob, invite }).expect(201);
      expect(body).toMatchObject({ email: bob.email, role: 'admin' });
      await accounts.logIn(bob);
      expect(codeOf(await register({ ...bob, invite }).expect(403))).toBe('INVALID_INVITE');
    },
  );

  it('When registration is by invitation, then nobody registers without one', async () => {
    await begin({ env: { REGISTRATION: 'invited' } });
    expect(codeOf(await register(bob).expect(403))).toBe('INVITE_REQUIRED');
    expect(await accounts.users.findUserByEmail(bob.email)).toBeUndefined();
  });

  it('When the credentials come as Basic, then the invite is read from the body', async () => {
    await begin({ env: { REGISTRATION: 'invited' } });
    const { token: invite } = await accounts.invite(bob.email);
    await register({ invite }).auth(bob.email, bob.password).expect(201);
  });

  it('When the email is another, then the invite is refused, and still good for its own', async () => {
    await begin({ env: { REGISTRATION: 'invited' } });
    const { token: invite } = await accounts.invite(' Bob@Example.com');
    const other = { ...bob, email: 'eve@example.com', invite };
    expect(codeOf(await register(other).expect(403))).toBe('INVALID_INVITE');
    await register({ ...bob, invite, password: 'short' }).expect(422);
    await register({ ...bob, invite }).expect(201);
  });

  it('When a week has passed, or the invite was taken back or made up, then it is refused', async () => {
    await begin({ env: { REGISTRATION: 'invited' } });
    const removed = await accounts.invite(bob.email);
    await as('delete', `/api/admin/invites/${removed.id}`).expect(204);
    expect(codeOf(await as('delete', `/api/admin/invites/${removed.id}`).expect(404))).toBe(
      'INVITE_NOT_FOUND',
    );
    const expired = await accounts.invite(bob.email);
    accounts.passes(7 * 24 * 60 * minute);
    for (const invite of [removed.token, expired.token, 'made-up'])
      expect(codeOf(await register({ ...bob, invite }).expect(403))).toBe('INVALID_INVITE');
  });

  it('When invites are listed, then those that can be used are, without their text', async () => {
    await begin();
    const { token, emailed, ...view } = await accounts.invite(bob.email);
    const { text } = await as('get', '/api/admin/invites').expect(200);
    expect(inviteList.parse(JSON.parse(text))).toEqual({ items: [view], nextCursor: null });
    expect(text).not.toContain(token);
    expect(emailed).toBe(false);
  });

  it('When mail can be sent, then the invited person gets the link and what to type', async () => {
    const mail = createMemoryMailer();
    await begin({ mailer: mail.mailer });
    const { token, emailed } = await accounts.invite(bob.email);
    const { to, text } = await mail.received(2);
    expect({ to, emailed }).toEqual({ to: bob.email, emailed: true });
    expect(text).toContain(`https://images.example/register?invite=${token}\n`);
    expect(text).toContain(`"email": "${bob.email}", "password": "…", "invite": "${token}"`);
    expect(accounts.logLines.join('')).not.toContain(token);
  });

  it('When the email has an account, or is none, then no invite is made', async () => {
    await begin();
    const invite = (body: object) => as('post', '/api/admin/invites').send(body);
    expect(codeOf(await invite({ email: ada.email }).expect(409))).toBe('EMAIL_TAKEN');
    for (const wrong of [{ email: 'bob' }, { email: bob.email, role: 'root' }, {}])
      await invite(wrong).expect(400);
  });
});

describe('users', () => {
  const change = (id: string, fields: object) => as('patch', `/api/admin/users/${id}`).send(fields);
  const rootId = async () => (await accounts.users.findUserByEmail(admin.email))!.id;

  it('When they are listed by pages, then each is there once, without anything of their password', async () => {
    await begin();
    for (const name of ['bob', 'carla', 'dora'])
      await register({ ...bob, email: `${name}@example.com` }).expect(201);
    const page = async (query: string) => {
      const { text } = await as('get', `/api/admin/users?${query}`).expect(200);
      expect(text).not.toMatch(/password|\$2b\$/);
      return adminUserList.parse(JSON.parse(text));
    };
    const first = await page('limit=3');
    const second = await page(`limit=3&cursor=${first.nextCursor}`);
    const names = [...first.items, ...second.items].map(({ email }) => email.split('@')[0]);
    expect(names).toEqual(['ada', 'bob', 'carla', 'dora', 'root']);
    expect(second.nextCursor).toBeNull();
    expect(first.items[0]).toMatchObject({ role: 'user', disabled: false, id: accounts.adaId });
    await as('get', '/api/admin/users?limit=0').expect(400);
  });

  it('When a user is disabled, then login and refresh are refused as for nobody, also a token they have', async () => {
    await begin();
    const { refreshToken, accessToken } = await accounts.logIn();
    const { body } = await change(accounts.adaId, { disabled: true }).expect(200);
    expect(body).toMatchObject({ disabled: true, role: 'user' });
    const asDisabled = await accounts
      .call('post', '/login')
      .set('X-Request-Id', 'same')
      .send(ada)
      .expect(401);
    const asNobody = await accounts
      .call('post', '/login')
      .set('X-Request-Id', 'same')
      .send({ ...ada, email: 'nobody@example.com' })
      .expect(401);
    expect(asDisabled.body).toEqual(asNobody.body);
    await accounts.call('post', '/refresh').send({ refreshToken }).expect(401);
    await accounts.call('get', '/api/account', accessToken).expect(401);
    await change(accounts.adaId, { disabled: false }).expect(200);
    await accounts.call('post', '/refresh').send({ refreshToken }).expect(401);
    await accounts.logIn();
  });

  it('When a quota is set, then the next access token has it, and it can be lifted', async () => {
    await begin();
    const quota = { images: 5, bytes: 1_000_000 };
    await change(accounts.adaId, { quota }).expect(200);
    const { accessToken } = await accounts.logIn();
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as object;
    expect(claims).toMatchObject({ quota });
    const lifted = { images: null, bytes: null };
    expect((await change(accounts.adaId, { quota: lifted }).expect(200)).body.quota).toEqual(lifted);
  });

  it('When the last administrator would go, then it is 409; with another one it works', async () => {
    await begin();
    for (const fields of [{ role: 'user' }, { disabled: true }])
      expect(codeOf(await change(await rootId(), fields).expect(409))).toBe('LAST_ADMIN');
    await change(accounts.adaId, { role: 'admin' }).expect(200);
    await change(await rootId(), { role: 'user' }).expect(200);
    expect(codeOf(await as('get', '/api/admin/users').expect(403))).toBe('ADMIN_REQUIRED');
  });

  it.each([
    ['nothing', {}],
    ['a role that is none', { role: 'root' }],
    ['a negative quota', { quota: { images: -1, bytes: null } }],
    ['half a quota', { quota: { images: 1 } }],
    ['a password hash', { passwordHash: 'x' }],
    ['another email', { email: 'eve@example.com' }],
  ])('When a change has %s, then it is refused', async (_what, fields) => {
    await begin();
    expect(codeOf(await change(accounts.adaId, fields).expect(400))).toBe('INVALID_INPUT');
  });

  it('When there is no such user, then it is 404', async () => {
    await begin();
    for (const id of [randomUUID(), 'nobody'])
      expect(codeOf(await change(id, { disabled: true }).expect(404))).toBe('USER_NOT_FOUND');
  });

  it('When somebody is no administrator, or their API token is not for that, then it is 403', async () => {
    await begin();
    const { accessToken } = await accounts.logIn();
    const { body } = await accounts
      .call('post', '/api/tokens', accounts.adminToken)
      .send({ name: 'x', scopes: ['read', 'write'] });
    for (const [method, path] of [
      ['get', '/api/admin/users'],
      ['patch', `/api/admin/users/${accounts.adaId}`],
      ['get', '/api/admin/invites'],
      ['post', '/api/admin/invites'],
      ['delete', `/api/admin/invites/${randomUUID()}`],
    ] as const) {
      expect(codeOf(await accounts.call(method, path, accessToken).expect(403))).toBe('ADMIN_REQUIRED');
      expect(codeOf(await accounts.call(method, path, body.token).expect(403))).toBe('MISSING_SCOPE');
    }
  });
});
