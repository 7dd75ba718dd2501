import { join } from 'node:path';
import { readConfig, setting } from '@image-organizer/platform/config';
import { telemetryOf, telemetrySettings } from '@image-organizer/platform/telemetry-settings';
import { z } from 'zod';
import { email } from './domain/email.ts';
import { passwordProblem } from './domain/password-policy.ts';

/** Where accounts are kept: in MySQL, which instances share, or in one SQLite file. */
export type UsersConfig = { kind: 'sqlite'; path: string } | { kind: 'mysql'; url: string };

const usersOf = (dataDir: string, mysqlUrl: string | undefined): UsersConfig =>
  mysqlUrl === undefined
    ? { kind: 'sqlite', path: join(dataDir, 'users.db') }
    : { kind: 'mysql', url: mysqlUrl };

const schema = z
  .object({
    ...telemetrySettings,
    PORT: setting.port(8080),
    DATA_DIR: z.string().default('./data'),
    MYSQL_URL: setting
      .serverUrl('MySQL server', /^mysql$/, 'mysql://user:password@host:3306/database')
      .optional(),
    ADMIN_EMAIL: email.optional(),
    ADMIN_PASSWORD: z
      .string()
      .superRefine((password, context) => {
        const problem = passwordProblem(password);
        if (problem) context.addIssue(problem);
      })
      .optional(),
    REGISTRATION: z.enum(['closed', 'invited', 'open'], 'must be closed, invited or open').default('closed'),
    SMTP_URL: setting.serverUrl('SMTP server', /^smtps?$/, 'smtp://user:password@host:587').optional(),
    MAIL_FROM: z.string().max(320).default('Image Organizer <image-organizer@localhost>'),
    PUBLIC_URL: setting.httpUrl().default('http://localhost:8080'),
    ACCESS_TOKEN_MINUTES: setting.count(10, 24 * 60),
    BCRYPT_COST: z.coerce.number('must be a whole number').int().min(4).max(15).default(12),
    LOG_LEVEL: setting.logLevel('info'),
  })
  .transform((env) => ({
    port: env.PORT,
    users: usersOf(env.DATA_DIR, env.MYSQL_URL),
    adminEmail: env.ADMIN_EMAIL,
    adminPassword: env.ADMIN_PASSWORD,
    registration: env.REGISTRATION,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    publicUrl: env.PUBLIC_URL,
    accessTokenMinutes: env.ACCESS_TOKEN_MINUTES,
    bcryptCost: env.BCRYPT_COST,
    logLevel: env.LOG_LEVEL,
    ...telemetryOf(env),
  }));

export type AuthConfig = Readonly<z.output<typeof schema>>;

/** @throws ConfigError naming every setting that cannot be used */
export const readAuthConfig = (env: NodeJS.ProcessEnv = process.env): AuthConfig => readConfig(schema, env);
