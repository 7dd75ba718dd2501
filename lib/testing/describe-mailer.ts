import { randomUUID } from 'node:crypto';
import type { Email } from 'postal-mime';
import type { Mail, Mailer } from '@image-organizer/adapters/mailer/mailer';

export interface MailerHarness {
  mailer: Mailer;
  /** Every mail that has arrived, parsed, in any order. */
  inbox(): Promise<Email[]>;
  dispose(): Promise<void>;
}

const aMail = (changes: Partial<Mail> = {}): Mail => ({
  messageId: `${randomUUID()}@images.example.com`,
  from: 'Image Organizer <no-reply@images.example.com>',
  to: 'anna@example.com',
  subject: 'Your images are ready',
  text: 'Three images were organised.\n\nhttps://images.example.com/download/1',
  html: '<p>Three images were organised.</p><p><a href="https://images.example.com/download/1">Download</a></p>',
  ...changes,
});

const headerOf = (mail: Email, key: string) =>
  mail.headers.filter((header) => header.key === key).map(({ value }) => value);
const addressesOf = (mail: Email) =>
  (mail.to ?? []).flatMap((to) => (to.group ?? [to]).map(({ address }) => address));
const normalised = (text: string | undefined) => text?.replaceAll('\r\n', '\n').trimEnd();

/** The specification of Mailer. @param makeHarness a mailer with an empty inbox; the suite disposes of it */
export function describeMailer(name: string, makeHarness: () => Promise<MailerHarness>): void {
  describe(`Mailer: ${name}`, () => {
    let harness: MailerHarness;
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(() => harness.dispose());

    const sendAndRead = async (mail: Mail): Promise<Email> => {
      await harness.mailer.send(mail);
      const [received] = await harness.inbox();
      return received!;
    };

    it('When a mail is sent, then it arrives with its addresses, subject, both bodies, id and date', async () => {
      const mail = aMail();
      const received = await sendAndRead(mail);
      expect(received.from).toMatchObject({
        name: 'Image Organizer',
        address: 'no-reply@images.example.com',
      });
      expect(addressesOf(received)).toEqual([mail.to]);
      expect(received.subject).toBe(mail.subject);
      expect(normalised(received.text)).toBe(mail.text);
      expect(normalised(received.html)).toBe(mail.html);
      expect(received.messageId).toBe(`<${mail.messageId}>`);
      expect(received.attachments).toEqual([]);
      expect(Number.isNaN(Date.parse(received.date ?? ''))).toBe(false);
    });

    it('When text is not ASCII, has long lines, or lines that mean something to SMTP, then it arrives as it was', async () => {
      const text = [
        'Grüße 😀 日本語',
        '.',
        '.. two dots',
        'From somebody',
        '='.repeat(2_000),
        'ä'.repeat(1_500),
        'end',
      ].join('\n');
      const mail = aMail({
        subject: `Fertig: Grüße 😀 ${'sehr lang '.repeat(30)}`.trim(),
        text,
        html: `<pre>${text}</pre>`,
      });
      const received = await sendAndRead(mail);
      expect(received.subject).toBe(mail.subject);
      expect(normalised(received.text)).toBe(text);
      expect(normalised(received.html)).toBe(mail.html);
    });

    it('When a mail is sent again, then every copy of it has the same id', async () => {
      const mail = aMail();
      await harness.mailer.send(mail);
      await harness.mailer.send(mail);
      const ids = (await harness.inbox()).map(({ messageId }) => messageId);
      expect(new Set(ids)).toEqual(new Set([`<${mail.messageId}>`]));
    });

    it('When ten mails are sent at once, then all arrive whole', async () => {
      const mails = Array.from({ length: 10 }, (_, index) =>
        aMail({ to: `user${index}@example.com`, subject: `Mail ${index}` }),
      );
      await Promise.all(mails.map((mail) => harness.mailer.send(mail)));
      const inbox = await harness.inbox();
      const received = inbox.map((mail) => [addressesOf(mail)[0], mail.subject, mail.messageId]);
      expect(received.sort()).toEqual(
        mails.map(({ to, subject, messageId }) => [to, subject, `<${messageId}>`]),
      );
    });

    it.each<[string, Partial<Mail>]>([
      ['the subject', { subject: 'Hello\r\nBcc: victim@example.com\r\n\r\ninjected body' }],
      ['a lone line feed in the subject', { subject: 'Hello\nBcc: victim@example.com' }],
      ['the recipient', { to: 'anna@example.com\r\nBcc: victim@example.com' }],
      ['a list of recipients', { to: 'anna@example.com, victim@example.com' }],
      ['a recipient with a name', { to: 'x" <victim@example.com>, "anna@example.com' }],
      ['the id', { messageId: `${randomUUID()}>\r\nBcc: victim@example.com\r\nX: <y@example.com` }],
    ])('When %s tries to add a header or a recipient, then it does not get in', async (_case, changes) => {
      await harness.mailer.send(aMail(changes)).catch(() => {}); // refusing it is as good
      for (const mail of await harness.inbox()) {
        expect(headerOf(mail, 'bcc')).toEqual([]);
        expect(headerOf(mail, 'x')).toEqual([]);
        expect(addressesOf(mail)).toHaveLength(1);
        expect(addressesOf(mail)).not.toContain('victim@example.com');
        expect(normalised(mail.text)).toBe(aMail().text);
      }
    });

    it('When the mailer works, then it waits for nothing, and closing it twice is fine', async () => {
      expect(harness.mailer.waitingFor()).toEqual([]);
      await harness.mailer.close();
      await harness.mailer.close();
    });
  });
}
