import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

const schema = z
  .object({
    PUBLIC_URL: setting.httpUrl().default('http://localhost:8080'),
    MAIL_FROM: z.string().max(320).default('Image Organizer <image-organizer@localhost>'),
    LINK_SECRET: z
      .string('is required: at least 32 random characters, the same as the gateway has')
      .min(32, 'must have at least 32 characters'),
    LINK_DAYS: setting.count(30, 365),
  })
  .transform((env) => ({
    publicUrl: env.PUBLIC_URL,
    mailFrom: env.MAIL_FROM,
    linkSecret: env.LINK_SECRET,
    linkDays: env.LINK_DAYS,
  }));

export type NotificationConfig = Readonly<z.output<typeof schema>>;

/** @throws ConfigError naming every wrong variable */
export const readNotificationConfig = (env: NodeJS.ProcessEnv = process.env): NotificationConfig =>
  readConfig(schema, env);
