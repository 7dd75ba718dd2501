import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

const schema = z.object({
  PORT: setting.port(8080),
  MAX_UPLOAD_BYTES: setting.bytes(50 * 1024 * 1024),
  MAX_FILES_PER_UPLOAD: setting.count(1_000, 10_000),
  UPLOAD_GRACE_SECONDS: setting.count(3_600, 7 * 86_400),
  LINK_SECRET: z.string('is required: at least 32 characters').min(32, 'must have at least 32 characters'),
  AUTH_URL: setting.httpUrl(),
  PUBLIC_URL: setting.httpUrl().optional(),
  LOG_LEVEL: setting.logLevel('info'),
});

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
  /** What the links of an answer begin with; empty: they are paths of the host that was asked. */
  publicUrl: string;
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
    publicUrl: set.PUBLIC_URL ?? '',
    logLevel: set.LOG_LEVEL,
  });
}
