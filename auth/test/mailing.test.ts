import { MailRefusedError, type Mail, type Mailer } from '@image-organizer/adapters/mailer/mailer';
import { createLog } from '@image-organizer/platform/log';
import { until } from '@image-organizer/testing/until';
import { createMailing } from '../src/domain/mailing.ts';

const mail: Mail = {
  ...{ messageId: 'a@x.example', from: 'a@x.example', to: 'b@x.example' },
  ...{ subject: 's', text: 'io_secret', html: '<p>t</p>' },
};

function begin(send: (attempt: number) => Promise<void>, giveUpAfterMs = 60_000) {
  const lines: string[] = [];
  let attempts = 0;
  const mailer: Mailer = {
    send: () => send((attempts += 1)),
    waitingFor: () => [],
    close: async () => {},
  };
  const log = createLog({
    service: 'auth',
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  const envelope = () => ({ from: mail.from, publicUrl: 'https://images.example' });
  const mailing = createMailing({ mailer, envelope, log, pausesMs: [1], giveUpAfterMs });
  return { mailing, attempts: () => attempts, said: () => lines.join('') };
}
const down = () => Promise.reject(new Error('connection refused'));

describe('mails behind the answer', () => {
  it('When the server is down for a while, then the mail is made once and sent until it is taken', async () => {
    const make = jest.fn(async () => mail);
    const { mailing, attempts, said } = begin((attempt) => (attempt < 4 ? down() : Promise.resolve()));
    mailing.send(make);
    await until(() => attempts() === 4);
    await mailing.stop();
    expect(make).toHaveBeenCalledTimes(1);
    expect(said()).toContain('connection refused');
    expect(said()).not.toContain('was not sent');
  });

  it('When making it fails, as while the database is away, then that is tried again too', async () => {
    let made = 0;
    const { mailing, attempts } = begin(() => Promise.resolve());
    mailing.send(() => (++made < 3 ? down() : Promise.resolve(mail)));
    await until(() => attempts() === 1);
    await mailing.stop();
  });

  it('When the server will never take it, then it is not tried again, and the log says so', async () => {
    const { mailing, attempts, said } = begin(() => Promise.reject(new MailRefusedError('no such mailbox')));
    mailing.send(async () => mail);
    await until(() => said().includes('was not sent'));
    expect(attempts()).toBe(1);
    expect(said()).toContain('no such mailbox');
    expect(said()).not.toMatch(/b@x\.example|io_secret/);
    await mailing.stop();
  });

  it('When the server stays down for too long, then it is given up, and the log says so', async () => {
    const { mailing, said } = begin(down, -1);
    mailing.send(async () => mail);
    await until(() => said().includes('was not sent'));
    await mailing.stop();
  });

  it('When the process ends, then what waits is given up, and the log says so', async () => {
    const { mailing, attempts, said } = begin(down);
    mailing.send(async () => mail);
    await until(() => attempts() > 0);
    await mailing.stop();
    expect(said()).toContain('was not sent');
  });

  it('When a thousand wait, then the next is refused, and others are sent once there is room', async () => {
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    const { mailing } = begin(() => opened);
    for (let sent = 0; sent < 1_000; sent += 1) mailing.send(async () => mail);
    expect(() => mailing.send(async () => mail)).toThrow(expect.objectContaining({ code: 'TOO_BUSY' }));
    open();
    await mailing.stop();
    mailing.send(async () => undefined);
    await mailing.stop();
  });
});
