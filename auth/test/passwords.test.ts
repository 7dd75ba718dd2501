import { ada, admin, codeOf, createMemoryMailer, minute, startAccounts, type Accounts } from './accounts.ts';

const next = 'a better horse';
let mail: ReturnType<typeof createMemoryMailer>;
let accounts: Accounts;
const begin = async (options: Parameters<typeof startAccounts>[0] = {}) => {
  mail = createMemoryMailer();
  accounts = await startAccounts({ mailer: mail.mailer, ...options });
  if (!('mailer' in options)) await mail.received(); // the invite that ada was added with
  mail.mails.length = 0;
};
afterEach(() => accounts.stop());

const post = (path: string, body: object, token?: string) => accounts.call('post', path, token).send(body);
const canLogIn = async (password: string, status = 200) =>
  void (await post('/login', { ...ada, password }).expect(status));

describe('POST /api/account/password', () => {
  beforeEach(() => begin());
  const change = async (body: object) =>
    post('/api/account/password', body, (await accounts.logIn()).accessToken);

  it('When the current password is right, then the new one works and every session has ended', async () => {
    const { refreshToken } = await accounts.logIn();
    expect((await change({ current: ada.password, new: next })).status).toBe(204);
    await post('/refresh', { refreshToken }).expect(401);
    await canLogIn(next);
    await canLogIn(ada.password, 401);
    await accounts.logIn(admin);
  });

  it('When the current password is wrong, then nothing changes, and guessing is as limited as at the login', async () => {
    const { accessToken, refreshToken } = await accounts.logIn();
    const guess = () => post('/api/account/password', { current: 'wrong', new: next }, accessToken);
    for (let guesses = 0; guesses < 5; guesses += 1)
      expect(codeOf(await guess().expect(403))).toBe('WRONG_PASSWORD');
    expect(codeOf(await guess().expect(429))).toBe('TOO_MANY_ATTEMPTS');
    await post('/refresh', { refreshToken }).expect(200);
  });

  it('When the new password is too short or too long, then it is refused and the old one stays', async () => {
    for (const weak of ['short', 'p'.repeat(73)])
      expect((await change({ current: ada.password, new: weak })).status).toBe(422);
    expect((await change({ current: ada.password })).status).toBe(400);
    await canLogIn(ada.password);
  });
});

describe('POST /password-reset', () => {
  const ask = (email = ada.email) => post('/password-reset', { email });
  const confirm = (token: string, password = next) => post('/password-reset/confirm', { token, password });
  const tokenOf = ({ text }: { text: string }) => /reset\?token=([\w-]{43})\n/.exec(text)![1]!;
  const askedFor = async () => {
    await ask().expect(202);
    return tokenOf(await mail.received());
  };

  it('When there is such an account, then a link and the plain token come by mail, and work once', async () => {
    await begin();
    const { refreshToken } = await accounts.logIn();
    const token = await askedFor();
    const { to, subject, text, html } = await mail.received();
    expect({ to, subject }).toEqual({ to: ada.email, subject: 'A new password' });
    expect(text).toContain(`https://images.example/reset?token=${token}\n`);
    expect(text).toContain(`"token": "${token}"`);
    expect(html).toContain(`<a href="https://images.example/reset?token=${token}">`);

    await confirm(token).expect(204);
    await post('/refresh', { refreshToken }).expect(401);
    await canLogIn(next);
    await canLogIn(ada.password, 401);
    expect(codeOf(await confirm(token, 'another horse').expect(403))).toBe('INVALID_RESET_TOKEN');
    expect(accounts.logLines.join('')).not.toContain(token);
  });

  it('When there is no such account, or it is disabled, then the answer is the same and no mail goes out', async () => {
    await begin();
    await post('/register', { email: 'bob@example.com', password: next }).expect(201);
    const bob = await accounts.users.findUserByEmail('bob@example.com');
    await accounts.users.updateUser(bob!.id, { disabled: true });
    const [known, unknown, disabled] = [
      await ask(),
      await ask('nobody@example.com'),
      await ask('bob@example.com'),
    ];
    for (const answer of [unknown, disabled]) {
      expect(answer.status).toBe(known.status);
      expect(answer.text).toBe(known.text);
      expect(Object.keys(answer.headers)).toEqual(Object.keys(known.headers));
    }
    await accounts.auth.stop(); // waits for what is on its way
    expect(mail.mails.map(({ to }) => to)).toEqual([ada.email]);
  });

  it('When an hour has passed, then the link works no more', async () => {
    await begin();
    const token = await askedFor();
    accounts.passes(60 * minute);
    await confirm(token).expect(403);
    await canLogIn(ada.password);
  });

  it('When the new password is weak, then it is refused and the link still works', async () => {
    await begin();
    const token = await askedFor();
    await confirm(token, 'short').expect(422);
    await confirm(token).expect(204);
  });

  it('When the login is blocked by wrong guesses, then a reset opens it', async () => {
    await begin();
    for (let guesses = 0; guesses < 5; guesses += 1) await canLogIn('wrong horse', 401);
    await canLogIn(ada.password, 429);
    await confirm(await askedFor()).expect(204);
    await canLogIn(next);
  });

  it('When it is asked for again and again, then it is limited, for unknown accounts alike, and logins go on', async () => {
    await begin();
    for (const email of [ada.email, 'nobody@example.com']) {
      for (let asked = 0; asked < 5; asked += 1) await ask(email).expect(202);
      const { headers } = await ask(email).expect(429);
      expect(headers['retry-after']).toBe('30');
    }
    await canLogIn(ada.password);
  });

  it('When the mail server is down, then the answer does not wait and the mail comes later', async () => {
    await begin();
    mail.fail(1);
    await ask().expect(202);
    await confirm(tokenOf(await mail.received())).expect(204);
  });

  it('When no mail can be sent here, then it is 503 and says what to do, whoever asks', async () => {
    await begin({ mailer: undefined });
    for (const email of [ada.email, 'nobody@example.com']) {
      const { body } = await ask(email).expect(503);
      expect(body).toMatchObject({ code: 'MAIL_UNAVAILABLE', detail: expect.stringContaining('SMTP_URL') });
    }
  });

  it('When what is sent is malformed, then it is 400', async () => {
    await begin();
    await ask('nobody').expect(400);
    await post('/password-reset/confirm', { token: 'x' }).expect(400);
    await confirm('x').expect(403);
  });
});
