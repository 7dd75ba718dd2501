import type { S3Options } from '@image-organizer/adapters/library-tree/s3';
import { setting } from '@image-organizer/platform/config';
import { z } from 'zod';

/** Settings of a copy of the library in S3: part of the schema of whoever writes to it or links to it. */
export const s3Settings = {
  S3_ENDPOINT: setting.httpUrl().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_PUBLIC_URL: setting.httpUrl().optional(),
  S3_FORCE_PATH_STYLE: z.enum(['true', 'false'], 'must be true or false').default('true'),
};

type S3Env = z.output<z.ZodObject<typeof s3Settings>>;

const ofLinks = ['S3_ENDPOINT', 'S3_BUCKET'] as const;
const ofWriters = [...ofLinks, 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** For `superRefine`: all that belong together are set, or none. */
const together = (names: readonly (keyof S3Env)[]) => (env: S3Env, context: z.RefinementCtx) => {
  const missing = names.filter((name) => env[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return;
  for (const name of missing)
    context.addIssue({
      code: 'custom',
      path: [name],
      message: 'is needed where other S3_* settings are set',
    });
};
export const s3WritersTogether = together(ofWriters);
export const s3LinksTogether = together(ofLinks);

const placeOf = (env: S3Env) => ({
  endpoint: env.S3_ENDPOINT!,
  bucket: env.S3_BUCKET!,
  forcePathStyle: env.S3_FORCE_PATH_STYLE === 'true',
  publicUrl: env.S3_PUBLIC_URL,
});

/** For whoever links to what is there. @returns undefined where no S3 is set */
export const s3PlaceOf = (env: S3Env) => (env.S3_ENDPOINT === undefined ? undefined : placeOf(env));

/** For whoever writes to it. @returns undefined where no S3 is set */
export const s3OptionsOf = (env: S3Env): S3Options | undefined =>
  env.S3_ENDPOINT === undefined
    ? undefined
    : {
        ...placeOf(env),
        region: env.S3_REGION,
        accessKeyId: env.S3_ACCESS_KEY_ID!,
        secretAccessKey: env.S3_SECRET_ACCESS_KEY!,
      };
