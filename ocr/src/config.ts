import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

const schema = z.object({
  OCR_LANGUAGES: z
    .string()
    .regex(/^\w+(\+\w+)*$/, "must be tesseract's names of languages, joined by '+': eng+deu")
    .default('eng'),
  TESSDATA_DIR: z.string().default(join(import.meta.dirname, '..', 'tessdata')),
  OCR_WORKERS: setting.count(availableParallelism(), 256),
  OCR_DEADLINE_MS: setting.milliseconds(60_000),
  EXTRACT_DEADLINE_MS: setting.milliseconds(120_000),
  DECODE_TIMEOUT_SECONDS: setting.count(30, 3_600),
  MAX_PIXELS: setting.count(100_000_000, 1_000_000_000),
  MAX_UPLOAD_BYTES: setting.bytes(50 * 1024 * 1024),
});

export interface OcrConfig {
  /** Each has its data in `tessdataDir`. */
  languages: readonly string[];
  tessdataDir: string;
  /** Images at once: one per core. */
  workers: number;
  /** Of one reading by the engine. */
  ocrDeadlineMs: number;
  /** Of one attempt at an image. */
  extractDeadlineMs: number;
  decodeTimeoutSeconds: number;
  /** Width × height. */
  maxPixels: number;
  /** Of one file. */
  maxUploadBytes: number;
}

/** @throws ConfigError naming every wrong variable, and languages without data in TESSDATA_DIR */
export function readOcrConfig(env: Record<string, string | undefined> = process.env): OcrConfig {
  const set = readConfig(schema, env);
  const languages = set.OCR_LANGUAGES.split('+');
  checkLanguageData(languages, set.TESSDATA_DIR);
  return Object.freeze({
    languages,
    tessdataDir: set.TESSDATA_DIR,
    workers: set.OCR_WORKERS,
    ocrDeadlineMs: set.OCR_DEADLINE_MS,
    extractDeadlineMs: set.EXTRACT_DEADLINE_MS,
    decodeTimeoutSeconds: set.DECODE_TIMEOUT_SECONDS,
    maxPixels: set.MAX_PIXELS,
    maxUploadBytes: set.MAX_UPLOAD_BYTES,
  });
}

/** At start, not at the first image: nothing is ever fetched. */
function checkLanguageData(languages: string[], dir: string): void {
  const missing = languages
    .map((language) => `${language}.traineddata.gz`)
    .filter((file) => !existsSync(join(dir, file)));
  if (missing.length === 0) return;
  throw new ConfigError(
    `These settings cannot be used:\n  OCR_LANGUAGES: there is no ${missing.join(', ')} in ${dir}; put it there, or name another folder in TESSDATA_DIR`,
  );
}
