import { silentLog } from '@image-organizer/platform/log';
import { describeMailer } from '@image-organizer/testing/describe-mailer';
import {
  startSmtpServer,
  type Misbehaviour,
  type TestSmtpServer,
} from '@image-organizer/testing/smtp-server';
import { until } from '@image-organizer/testing/until';
import { MailRefusedError, type Mailer } from './mailer.ts';
import { createSmtpMailer } from './smtp.ts';

const mail = {
  messageId: 'batch.1@x.example',
  from: 'a@x.example',
  to: 'b@x.example',
  subject: 's',
  text: 't',
  html: '<p>t</p>',
};
const timeouts = { connection: 300, greeting: 300, socket: 300 };

describeMailer('smtp', async () => {
  const server = await startSmtpServer();
  const mailer = createSmtpMailer({ url: server.url, log: silentLog() });
  return {
    mailer,
    inbox: () => server.inbox(),
    async dispose() {
      await mailer.close();
      await server.stop();
    },
  };
});

describe('the SMTP mailer', () => {
  const login = { user: 'robot', password: 'right' };
  let server: TestSmtpServer;
  let mailer: Mailer;
  const connect = (url = server.url) => (mailer = createSmtpMailer({ url, log: silentLog(), timeouts }));
  const failure = () =>
    mailer.send(mail).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
  const worksAgain = () => until(() => mailer.waitingFor().length === 0);

  beforeEach(async () => {
    server = await startSmtpServer();
    connect();
  });
  afterEach(async () => {
    await mailer.close();
    await server.stop();
  });

  it.each<Misbehaviour>([
    { at: 'mail', does: 550 },
    { at: 'recipient', does: 550, recipient: mail.to },
    { at: 'data', does: 554 },
  ])(
    'When the server says never to the mail (%j), then it is refused, and the server is not blamed',
    async (order) => {
      server.misbehave(order);
      expect(await failure()).toBeInstanceOf(MailRefusedError);
      expect(mailer.waitingFor()).toEqual([]);
      server.misbehave(undefined);
      await mailer.send(mail);
      expect(await server.inbox()).toHaveLength(1);
    },
  );

  it('When another recipient is refused, then this one gets the mail', async () => {
    server.misbehave({ at: 'recipient', does: 550, recipient: 'nobody@x.example' });
    await mailer.send(mail);
    expect(await server.inbox()).toHaveLength(1);
  });

  it.each<Misbehaviour>([
    { at: 'mail', does: 451 },
    { at: 'recipient', does: 450 },
    { at: 'data', does: 452 },
  ])('When the server says not now to the mail (%j), then it is worth another try', async (order) => {
    server.misbehave(order);
    expect(await failure()).not.toBeInstanceOf(MailRefusedError);
    server.misbehave(undefined);
    await mailer.send(mail);
    expect(await server.inbox()).toHaveLength(1);
  });

  it.each<Misbehaviour>([
    { at: 'connect', does: 554 },
    { at: 'connect', does: 421 },
    { at: 'connect', does: 'hang' },
    { at: 'mail', does: 'hang' },
    { at: 'mail', does: 530 },
    { at: 'recipient', does: 'drop' },
    { at: 'data', does: 'hang' },
  ])(
    'When the server is at fault (%j), then the mail is no refusal, and it is named until it works',
    async (order) => {
      server.misbehave(order);
      const error = await failure();
      expect(error).toBeDefined();
      expect(error).not.toBeInstanceOf(MailRefusedError);
      server.misbehave(undefined);
      await worksAgain();
      await mailer.send(mail);
      expect(await server.inbox()).toHaveLength(1);
    },
  );

  it('When it takes a mail and drops the connection before it says so, then it was sent once and it is worth another try', async () => {
    server.misbehave({ at: 'data', does: 'drop' });
    const error = await failure();
    expect(error).toBeDefined();
    expect(error).not.toBeInstanceOf(MailRefusedError);
    expect(server.reached('data')).toBe(1);
    server.misbehave(undefined);
    await mailer.send(mail);
    const ids = (await server.inbox()).map(({ messageId }) => messageId);
    expect(ids).toEqual([`<${mail.messageId}>`, `<${mail.messageId}>`]);
  });

  it('When nobody is at the port, then that is said at once, and comes right when somebody is', async () => {
    const { port, url } = server;
    await mailer.close();
    await server.stop();
    connect(url);
    await until(() => mailer.waitingFor().length > 0);
    expect(mailer.waitingFor()).toEqual([`SMTP at smtp://127.0.0.1:${port}: connection refused`]);
    expect(await failure()).not.toBeInstanceOf(MailRefusedError);
    server = await startSmtpServer({ port });
    await worksAgain();
    await mailer.send(mail);
  });

  it('When the password is wrong, then that is named without it, and no mail is refused for it', async () => {
    await mailer.close();
    await server.stop();
    server = await startSmtpServer({ login });
    connect(`smtp://${login.user}:secret@127.0.0.1:${server.port}`);
    expect(await failure()).not.toBeInstanceOf(MailRefusedError);
    expect(mailer.waitingFor()).toEqual([`SMTP at smtp://127.0.0.1:${server.port}: wrong user or password`]);
    await mailer.close();
    connect(`smtp://${login.user}:${login.password}@127.0.0.1:${server.port}`);
    await mailer.send(mail);
  });

  it('When TLS is required and the server has none, then nothing is sent and that is named', async () => {
    await mailer.close();
    connect(`${server.url}?requireTLS=true`);
    expect(await failure()).not.toBeInstanceOf(MailRefusedError);
    expect(await server.inbox()).toEqual([]);
    expect(mailer.waitingFor()).toEqual([
      expect.stringContaining(`SMTP at smtp://127.0.0.1:${server.port}: `),
    ]);
  });

  it('When it is closed while the server hangs, then it closes and the mail fails', async () => {
    server.misbehave({ at: 'data', does: 'hang' });
    const sending = failure();
    await until(() => server.reached('data') > 0);
    await mailer.close();
    expect(await sending).not.toBeInstanceOf(MailRefusedError);
  });

  it('When the URL is none, then it is refused without being shown', () => {
    expect(() => createSmtpMailer({ url: 'http://a:secret@b', log: silentLog() })).toThrow(/^SMTP_URL must/);
  });
});
