import { createTransport } from 'nodemailer';
import type { Log } from '@image-organizer/platform/log';
import { createServerWatch } from '../server-watch.ts';
import { MailRefusedError, type Mailer } from './mailer.ts';
import { isAboutTheMail, isRefusal, isUnsendable, smtpReasonOf } from './smtp-errors.ts';

/** Milliseconds. */
const defaultTimeouts = {
  connection: 10_000,
  greeting: 10_000,
  /** Without a word from the server, at any step. */
  socket: 30_000,
};

/** A wrong password that is tried too often may lock the account. */
const longestPauseMs = 60_000;

/**
 * Sends through an SMTP server, over a few connections that are kept. Whether the server is there and takes the password
 * is tried at once in the background, and again after a failure, until it works.
 * @param options.url `smtp://user:password@host:587` (STARTTLS where offered; `?requireTLS=true` insists) or `smtps://`
 *   (TLS from the start). `?tls.rejectUnauthorized=false` and the other parameters are those of nodemailer.
 * @throws Error when the URL is none; it is not in the message, it holds the password
 */
export function createSmtpMailer(options: {
  url: string;
  log: Log;
  timeouts?: Partial<typeof defaultTimeouts>;
}): Mailer {
  const { url, log } = options;
  if (!/^smtps?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw new Error('SMTP_URL must look like smtp://user:password@host:587');
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 3,
    connectionTimeout: timeouts.connection,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.socket,
    maxRequeues: 0, // a mail that may have been taken is sent again by who knows its history, not behind the back
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0]);
  const { host, protocol } = new URL(url);
  const watch = createServerWatch({
    server: `SMTP at ${protocol}//${host}`,
    attempt: () => transport.verify(),
    presumed: 'up',
    longestPauseMs,
    reasonOf: smtpReasonOf,
    log,
  });
  watch.check();

  return {
    async send(mail) {
      try {
        await transport.sendMail({
          ...mail,
          to: { name: '', address: mail.to }, // one address: in a string, a comma makes two
          messageId: `<${mail.messageId}>`,
        });
      } catch (error) {
        if (isRefusal(error) || isUnsendable(error))
          throw new MailRefusedError((error as Error).message, { cause: error });
        if (!isAboutTheMail(error)) watch.failed(error);
        throw error;
      }
    },
    waitingFor: () => watch.waitingFor(),
    async close() {
      watch.stop();
      transport.close({ force: true });
    },
  };
}
