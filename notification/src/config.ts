import { join } from 'node:path';
import { fetchOptionsOf, fetchSettings } from '@image-organizer/pipeline/fetch-settings';
import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

/** Which mailer: an SMTP server, or files that a person can look at. */
type MailerConfig = { kind: 'smtp'; url: string } | { kind: 'eml-files'; directory: string };

const mailerOf = (env: { SMTP_URL?: string | undefined; DATA_DIR: string }): MailerConfig =>
  env.SMTP_URL
    ? { kind: 'smtp', url: env.SMTP_URL }
    : { kind: 'eml-files', directory: join(env.DATA_DIR, 'mail') };

const schema = z
  .object({
    PUBLIC_URL: setting.httpUrl().default('http://localhost:8080'),
    MAIL_FROM: z.string().max(320).default('Image Organizer <image-organizer@localhost>'),
    LINK_SECRET: z
      .string('is required: at least 32 random characters, the same as the gateway has')
      .min(32, 'must have at least 32 characters'),
    LINK_DAYS: setting.count(30, 365),
    SMTP_URL: setting.serverUrl('SMTP server', /^smtps?$/, 'smtp://user:password@host:587').optional(),
    DATA_DIR: z.string().default('./data'),
    ...fetchSettings,
  })
  .transform((env) => ({
    publicUrl: env.PUBLIC_URL,
    mailFrom: env.MAIL_FROM,
    linkSecret: env.LINK_SECRET,
    linkDays: env.LINK_DAYS,
    mailer: mailerOf(env),
    ...fetchOptionsOf(env),
  }));

export type NotificationConfig = Readonly<z.output<typeof schema>>;

/** @throws ConfigError naming every wrong variable */
export const readNotificationConfig = (env: NodeJS.ProcessEnv = process.env): NotificationConfig =>
  readConfig(schema, env);
