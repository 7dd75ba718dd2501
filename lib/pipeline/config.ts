import { readConfig, setting } from '@image-organizer/platform/config';
import { trustProxySetting } from '@image-organizer/platform/http/trust-proxy';
import { telemetryOf, telemetrySettings } from '@image-organizer/platform/telemetry-settings';
import { z } from 'zod';
import { retryDelaysMs } from './retry-policy.ts';

/** The servers that a process may be told of. */
export const serverUrls = {
  RABBITMQ_URL: setting.serverUrl('RabbitMQ server', /^amqps?$/, 'amqp://user:password@host:5672'),
  MONGO_URL: setting.serverUrl(
    'MongoDB server',
    /^mongodb(\+srv)?$/,
    'mongodb://user:password@host:27017/images',
  ),
};

const defaultDelays = retryDelaysMs.map((ms) => ms / 1000).join(',');

/** Seconds in the environment, milliseconds in the program. */
export const retryDelaysSetting = z
  .string()
  .regex(/^\d+,\d+,\d+$/, `must be three numbers of seconds: ${defaultDelays}`)
  .default(defaultDelays)
  .transform((text): readonly number[] => text.split(',').map((seconds) => Number(seconds) * 1000));

const schema = z
  .object({
    ...serverUrls,
    ...telemetrySettings,
    PORT: setting.port(8080),
    TRUST_PROXY: trustProxySetting,
    LOG_LEVEL: setting.logLevel('info'),
    LEASE_SECONDS: setting.count(30, 600),
    STOP_GRACE_SECONDS: setting.count(30, 3_600),
    RETRY_DELAYS_SECONDS: retryDelaysSetting,
  })
  .transform((env) => ({
    rabbitMqUrl: env.RABBITMQ_URL,
    mongoUrl: env.MONGO_URL,
    port: env.PORT,
    /** Whose X-Forwarded-For says who the client is. */
    trustProxy: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
    ...telemetryOf(env),
    /** How long a claim holds that is not renewed any more: how long the work of a dead process waits. */
    leaseMs: env.LEASE_SECONDS * 1000,
    /** How long work in flight may take after SIGTERM; then the process ends, and its leases run out. */
    stopGraceMs: env.STOP_GRACE_SECONDS * 1000,
    /** Of the retry queues, frozen once these exist: the same for every service. */
    retryDelaysMs: env.RETRY_DELAYS_SECONDS,
  }));

/** What every process of a service that works on images needs. */
export type ProcessConfig = Readonly<z.output<typeof schema>>;

/** @throws ConfigError naming every wrong variable */
export const readProcessConfig = (env: NodeJS.ProcessEnv = process.env): ProcessConfig =>
  readConfig(schema, env);
