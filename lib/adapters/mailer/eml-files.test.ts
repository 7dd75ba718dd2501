import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { describeMailer } from '@image-organizer/testing/describe-mailer';
import { createEmlMailer } from './eml-files.ts';

const root = mkdtempSync(join(tmpdir(), 'eml-'));
afterAll(() => rmSync(root, { recursive: true }));
const newDirectory = () => mkdtempSync(join(root, 'mails-'));

describeMailer('eml-files', async () => {
  const directory = newDirectory();
  const mailer = createEmlMailer({ directory });
  return {
    mailer,
    inbox: () =>
      Promise.all(
        readdirSync(directory).map((name) => PostalMime.parse(readFileSync(join(directory, name)))),
      ),
    dispose: () => mailer.close(),
  };
});

describe('the eml mailer', () => {
  const mail = {
    messageId: 'batch.1@x.example',
    from: 'a@x.example',
    to: 'b@x.example',
    subject: 's',
    text: 't',
    html: '<p>t</p>',
  };
  const clock = { now: () => new Date('2026-01-15T12:00:00.000Z') };

  it('When a mail is sent again, also at the same time, then there is one file, the newest', async () => {
    const directory = newDirectory();
    const mailer = createEmlMailer({ directory, clock });
    await Promise.all([mailer.send(mail), mailer.send(mail)]);
    await mailer.send({ ...mail, subject: 'newer' });
    expect(readdirSync(directory)).toEqual(['batch.1@x.example.eml']);
    const eml = readFileSync(join(directory, 'batch.1@x.example.eml'), 'utf8');
    expect(eml).toContain('Subject: newer\r\n');
    expect(eml).toContain('Date: Thu, 15 Jan 2026 12:00:00 +0000\r\n');
  });

  it.each(['../../outside', '/etc/passwd', '..', '.hidden', 'a/b', 'ä', 'x'.repeat(300), ''])(
    'When the id %j is no plain file name, then the file is named by its hash, inside the directory',
    async (messageId) => {
      const directory = join(newDirectory(), 'not', 'there', 'yet');
      await createEmlMailer({ directory }).send({ ...mail, messageId });
      expect(readdirSync(directory)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.eml$/)]);
    },
  );

  it('When the directory cannot be written, then send rejects, so that it is tried again', async () => {
    await expect(createEmlMailer({ directory: '/dev/null/mails' }).send(mail)).rejects.toThrow();
  });
});
