import type { Quota } from '@image-organizer/contracts/http/access-token';
import type { S3Place } from '@image-organizer/adapters/library-tree/s3-keys';
import { s3LinksTogether, s3PlaceOf, s3Settings } from '@image-organizer/pipeline/s3-settings';
import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

const schema = z
  .object({
    ...s3Settings,
    PORT: setting.port(8080),
    MAX_UPLOAD_BYTES: setting.bytes(50 * 1024 * 1024),
    MAX_FILES_PER_UPLOAD: setting.count(1_000, 10_000),
    UPLOAD_GRACE_SECONDS: setting.count(3_600, 7 * 86_400),
    LINK_SECRET: z.string('is required: at least 32 characters').min(32, 'must have at least 32 characters'),
    AUTH_URL: setting.httpUrl(),
    PUBLIC_URL: setting.httpUrl().optional(),
    RATE_LIMIT_PER_MINUTE: setting.limit(3_000),
    RATE_LIMIT_PER_ADDRESS: setting.limit(300),
    DEFAULT_QUOTA_IMAGES: setting.limit(0),
    DEFAULT_QUOTA_BYTES: setting.limit(0),
    MAX_IMPORT_ROWS: setting.count(1_000_000, 10_000_000),
    LINK_DAYS: setting.count(30, 365),
    LOG_LEVEL: setting.logLevel('info'),
  })
  .superRefine(s3LinksTogether);

export interface GatewayConfig {
  port: number;
  /** Of one file. */
  maxUploadBytes: number;
  maxFilesPerUpload: number;
  /** After which the bytes of an upload that died are deleted. Longer than any upload takes. */
  uploadGraceSeconds: number;
  /** Shared with the service that signs download links. */
  linkSecret: string;
  authUrl: string;
  /** Requests of one credential; 0: no limit. */
  rateLimitPerMinute: number;
  /** Requests per minute of one address that have no valid credential; 0: no limit. */
  rateLimitPerAddress: number;
  /** Of accounts that have none of their own. */
  defaultQuota: Quota;
  /** What the links of an answer begin with; empty: they are paths of the host that was asked. */
  publicUrl: string;
  /** Of one CSV. */
  maxImportRows: number;
  /** How long the links in an import's output CSV work, as those of the emails. */
  linkDays: number;
  /** Where organised images are published; undefined: nowhere. */
  s3: S3Place | undefined;
  logLevel: string;
}

/** @throws ConfigError naming every wrong variable */
export function readGatewayConfig(env: Record<string, string | undefined> = process.env): GatewayConfig {
  const set = readConfig(schema, env);
  return Object.freeze({
    port: set.PORT,
    maxUploadBytes: set.MAX_UPLOAD_BYTES,
    maxFilesPerUpload: set.MAX_FILES_PER_UPLOAD,
    uploadGraceSeconds: set.UPLOAD_GRACE_SECONDS,
    linkSecret: set.LINK_SECRET,
    authUrl: set.AUTH_URL,
    rateLimitPerMinute: set.RATE_LIMIT_PER_MINUTE,
    rateLimitPerAddress: set.RATE_LIMIT_PER_ADDRESS,
    defaultQuota: { images: set.DEFAULT_QUOTA_IMAGES || null, bytes: set.DEFAULT_QUOTA_BYTES || null },
    publicUrl: set.PUBLIC_URL ?? '',
    maxImportRows: set.MAX_IMPORT_ROWS,
    linkDays: set.LINK_DAYS,
    s3: s3PlaceOf(set),
    logLevel: set.LOG_LEVEL,
  });
}
