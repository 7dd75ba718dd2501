import { s3OptionsOf, s3Settings, s3WritersTogether } from '@image-organizer/pipeline/s3-settings';
import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

const schema = z
  .object({
    UPLOAD_GRACE_SECONDS: setting.count(3_600, 7 * 86_400),
    SWEEP_SECONDS: setting.count(30, 3_600),
    STUCK_AFTER_SECONDS: setting.count(900, 86_400),
    TRASH_DAYS: setting.count(30, 3_650),
    ...s3Settings,
  })
  .superRefine(s3WritersTogether)
  .transform((env) => ({
    /** A blob younger than this may still get its image. Longer than any upload takes. */
    blobGraceMs: env.UPLOAD_GRACE_SECONDS * 1000,
    everyMs: env.SWEEP_SECONDS * 1000,
    /** A stage that waits so long without an event is set going again. Longer than the longest retry delay. */
    idleMs: env.STUCK_AFTER_SECONDS * 1000,
    /** How long a person can take back what they deleted. */
    trashMs: env.TRASH_DAYS * 86_400_000,
    /** Where a copy of the library is kept; undefined: nowhere. */
    s3: s3OptionsOf(env),
  }));

export type OrganizerConfig = Readonly<z.output<typeof schema>>;

/** @throws ConfigError naming every wrong variable */
export const readOrganizerConfig = (env: NodeJS.ProcessEnv = process.env): OrganizerConfig =>
  readConfig(schema, env);
