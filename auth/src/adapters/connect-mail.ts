import type { Mailer } from '@image-organizer/adapters/mailer/mailer';
import { createSmtpMailer } from '@image-organizer/adapters/mailer/smtp';
import type { Log } from '@image-organizer/platform/log';
import type { AuthConfig } from '../config.ts';

/** Where mails go out by the settings; undefined: nowhere, and who asks for one is told. Closed by whoever made it. */
export const connectMail = ({ smtpUrl }: Pick<AuthConfig, 'smtpUrl'>, log: Log): Mailer | undefined =>
  smtpUrl === undefined ? undefined : createSmtpMailer({ url: smtpUrl, log });
