import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import MailComposer from 'nodemailer/lib/mail-composer';
import { systemClock, type Clock } from '@image-organizer/platform/clock';
import { moveInto } from '../durable-files.ts';
import type { Mail, Mailer } from './mailer.ts';

/**
 * Puts each mail into `directory` as one `.eml` file (RFC 5322) that any mail program opens. A mail sent again replaces
 * its file, so each is there once, and complete.
 * @param clock says what stands in the Date header
 */
export function createEmlMailer({
  directory,
  clock = systemClock,
}: {
  directory: string;
  clock?: Clock;
}): Mailer {
  return {
    async send(mail) {
      await mkdir(directory, { recursive: true });
      const temporary = join(directory, `.${randomUUID()}.tmp`);
      try {
        await writeDurably(temporary, await compose(mail, clock.now()));
        await moveInto(temporary, join(directory, emlFileName(mail.messageId)));
      } finally {
        await rm(temporary, { force: true });
      }
    },
    waitingFor: () => [],
    close: async () => {},
  };
}

/** The file of a mail: its id where that is a plain name, else its hash. */
export function emlFileName(messageId: string): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,199}$/.test(messageId);
  return `${plain ? messageId : createHash('sha256').update(messageId).digest('hex')}.eml`;
}

/**
 * nodemailer encodes header values, so that none can begin a new header line. The recipient is given as one address:
 * as a string, a comma in it would make two.
 */
async function compose(mail: Mail, date: Date): Promise<Buffer> {
  const composer = new MailComposer({
    ...mail,
    to: { name: '', address: mail.to },
    messageId: `<${mail.messageId}>`,
    date,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
