import { join, relative, resolve, sep } from 'node:path';
import { readAuthConfig } from '@image-organizer/auth/config';
import { readClassifierConfig } from '@image-organizer/classifier/config';
import { readGatewayConfig } from '@image-organizer/gateway/config';
import { readImporterConfig } from '@image-organizer/importer/config';
import { readNotificationConfig } from '@image-organizer/notification/config';
import { readOcrConfig } from '@image-organizer/ocr/config';
import { readOrganizerConfig } from '@image-organizer/organizer/config';
import { retryDelaysSetting, serverUrls } from '@image-organizer/pipeline/config';
import { readConfig, readTogether, setting } from '@image-organizer/platform/config';
import { trustProxySetting } from '@image-organizer/platform/http/trust-proxy';
import { telemetryOf, telemetrySettings } from '@image-organizer/platform/telemetry-settings';
import { z } from 'zod';

const schema = z
  .object({
    ...telemetrySettings,
    PORT: setting.port(8080),
    TRUST_PROXY: trustProxySetting,
    DATA_DIR: z.string().default('./data'),
    INBOX_DIR: z.string().optional(),
    PUBLIC_URL: setting.httpUrl().optional(),
    LOG_LEVEL: setting.logLevel('warn'),
    LINK_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
    RABBITMQ_URL: serverUrls.RABBITMQ_URL.optional(),
    RETRY_DELAYS_SECONDS: retryDelaysSetting,
    MONGO_URL: serverUrls.MONGO_URL.optional(),
    SMTP_URL: setting.serverUrl('SMTP server', /^smtps?$/, 'smtp://user:password@host:587').optional(),
  })
  .refine(
    ({ DATA_DIR, INBOX_DIR }) => isSafeInbox(resolve(INBOX_DIR ?? inboxIn(DATA_DIR)), resolve(DATA_DIR)),
    {
      path: ['INBOX_DIR'],
      error:
        'must neither hold DATA_DIR nor lie in it, but for its folder inbox: what is in an inbox is moved',
    },
  )
  .transform((env) => ({
    port: env.PORT,
    trustProxy: env.TRUST_PROXY,
    dataDir: env.DATA_DIR,
    inboxDir: env.INBOX_DIR ?? inboxIn(env.DATA_DIR),
    publicUrl: env.PUBLIC_URL,
    logLevel: env.LOG_LEVEL,
    ...telemetryOf(env),
    linkSecret: env.LINK_SECRET,
    /** Each `*_URL` that is set replaces one embedded adapter; MYSQL_URL is auth's setting. */
    adapters: {
      bus: {
        ...(server('rabbitmq', env.RABBITMQ_URL) ?? ({ kind: 'memory' } as const)),
        retryDelaysMs: env.RETRY_DELAYS_SECONDS,
      },
      stores: server('mongo', env.MONGO_URL) ?? ({ kind: 'embedded' } as const),
      mailer: server('smtp', env.SMTP_URL) ?? ({ kind: 'eml-files' } as const),
    },
  }));

const inboxIn = (dataDir: string) => join(dataDir, 'inbox');
const isSafeInbox = (inbox: string, dataDir: string) =>
  inbox === inboxIn(dataDir) || (!isInside(inbox, dataDir) && !isInside(dataDir, inbox));
const isInside = (inner: string, outer: string) => relative(outer, inner).split(sep)[0] !== '..';

const server = <const Kind extends string>(kind: Kind, url: string | undefined) =>
  url === undefined ? undefined : { kind, url };

/**
 * Every service's settings, from one environment.
 * @throws ConfigError with the problems of all of them at once
 */
export function readStandaloneConfig(env: NodeJS.ProcessEnv = process.env) {
  // What the standalone process decides itself takes these places at its start.
  const shared = { LOG_LEVEL: 'warn', ...env, LINK_SECRET: '-'.repeat(32), AUTH_URL: 'http://127.0.0.1' };
  const { own, ...services } = readTogether({
    own: () => readConfig(schema, env),
    auth: () => readAuthConfig(shared),
    classifier: () => readClassifierConfig(shared),
    gateway: () => readGatewayConfig(shared),
    importer: () => readImporterConfig(shared),
    notification: () => readNotificationConfig(shared),
    ocr: () => readOcrConfig(shared),
    organizer: () => readOrganizerConfig(shared),
  });
  return { ...own, ...services };
}
export type StandaloneConfig = ReturnType<typeof readStandaloneConfig>;
