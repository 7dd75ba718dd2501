import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

export const notificationSettings = z.object({
  PUBLIC_URL: setting.httpUrl().default('http://localhost:8080'),
  MAIL_FROM: z.string().max(320).default('Image Organizer <image-organizer@localhost>'),
  LINK_SECRET: z.string('is required: at least 32 random characters, the same as the gateway has').min(32, 'must have at least 32 characters'),
  LINK_DAYS: setting.count(30, 365),
});
export type NotificationConfig = z.output<typeof notificationSettings>;

export const readNotificationConfig = (env = process.env) => readConfig(notificationSettings, env);
