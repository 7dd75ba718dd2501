import { fetchOptionsOf, fetchSettings } from '@image-organizer/pipeline/fetch-settings';
import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

const schema = z
  .object({
    ...fetchSettings,
    IMPORT_CONCURRENCY: setting.count(8, 64),
    IMPORT_PER_HOST: setting.count(4, 64),
    IMPORT_POLL_SECONDS: setting.count(5, 3_600),
    MAX_UPLOAD_BYTES: setting.bytes(50 * 1024 * 1024),
    UPLOAD_GRACE_SECONDS: setting.count(3_600, 7 * 86_400),
  })
  .transform((env) => ({
    ...fetchOptionsOf(env),
    /** Rows that this process works on at once. */
    concurrency: env.IMPORT_CONCURRENCY,
    /** Requests that it sends to one host at once. */
    perHost: env.IMPORT_PER_HOST,
    /** How often it looks for rows that are due; events only hurry it. */
    pollMs: env.IMPORT_POLL_SECONDS * 1000,
    /** Of one image. */
    maxBytes: env.MAX_UPLOAD_BYTES,
    /** After which bytes are deleted that no image came of. */
    graceSeconds: env.UPLOAD_GRACE_SECONDS,
  }));

export type ImporterConfig = Readonly<z.output<typeof schema>>;

/** @throws ConfigError naming every wrong variable */
export const readImporterConfig = (env: NodeJS.ProcessEnv = process.env): ImporterConfig =>
  readConfig(schema, env);
