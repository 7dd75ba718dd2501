import { ConfigError, readConfig, setting } from '@image-organizer/platform/config';
import { readAuthConfig } from '@image-organizer/auth/config';
import { readClassifierConfig } from '@image-organizer/classifier/config';
import { readGatewayConfig } from '@image-organizer/gateway/config';
import { readNotificationConfig } from '@image-organizer/notification/config';
import { readOcrConfig } from '@image-organizer/ocr/config';
import { z } from 'zod';

const comesLater = (what: string) =>
  z.never(`${what} comes with a later version: leave it unset to use what is built in`).optional();

const standaloneSettings = z.object({
  PORT: setting.port(8080),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: setting.httpUrl().optional(),
  UPLOAD_GRACE_SECONDS: setting.count(3600, 86_400),
  SWEEP_SECONDS: setting.count(30, 3600),
  LOG_LEVEL: setting.logLevel('warn'),
  RABBITMQ_URL: comesLater('a RabbitMQ server'),
  MONGO_URL: comesLater('a MongoDB server'),
  MYSQL_URL: comesLater('a MySQL server'),
  SMTP_URL: comesLater('an SMTP server'),
  OPENAI_BASE_URL: comesLater('an OpenAI-compatible model'),
});

/** Every service's settings, from one environment; the problems of all of them at once. */
export function readStandaloneConfig(env = process.env) {
  const own = attempt(() => readConfig(standaloneSettings, env));
  // What the standalone process decides itself takes these places at start.
  const internal = { LINK_SECRET: env['LINK_SECRET'] ?? '-'.repeat(32), AUTH_URL: 'http://127.0.0.1' };
  const shared = { LOG_LEVEL: 'warn', ...env, ...internal };
  const services = {
    auth: attempt(() => readAuthConfig(shared)),
    classifier: attempt(() => readClassifierConfig(shared)),
    gateway: attempt(() => readGatewayConfig(shared)),
    notification: attempt(() => readNotificationConfig(shared)),
    ocr: attempt(() => readOcrConfig(shared)),
  };
  const problems = [own, ...Object.values(services)].flatMap((read) =>
    'problems' in read ? read.problems : [],
  );
  if (problems.length) throw new ConfigError([...new Set(problems)].join('\n'));
  return {
    ...valueOf(own),
    linkSecret: env['LINK_SECRET'],
    auth: valueOf(services.auth),
    classifier: valueOf(services.classifier),
    gateway: valueOf(services.gateway),
    notification: valueOf(services.notification),
    ocr: valueOf(services.ocr),
  };
}
export type StandaloneConfig = ReturnType<typeof readStandaloneConfig>;

type Attempt<T> = { value: T } | { problems: string[] };

function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.message.split('\n') };
  }
}

function valueOf<T>(read: Attempt<T>): T {
  if ('value' in read) return read.value;
  throw new ConfigError(read.problems.join('\n'));
}
