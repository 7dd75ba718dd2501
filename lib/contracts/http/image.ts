import { z } from 'zod';
import { failure, imageStatus, stageName, stageNames, stageStatus } from '../vocabulary.ts';

/** What sharp and EXIF say of the picture. `width` and `height` are as displayed, after `orientation` is applied. */
export const imageMetadata = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  /** jpeg, png, webp, gif, tiff, bmp */
  format: z.string(),
  /** EXIF orientation 1 to 8; null where there is none. */
  orientation: z.int().min(1).max(8).nullable(),
  /** When the picture was taken: EXIF's local time, without a zone unless EXIF names one. ISO 8601. */
  takenAt: z.string().nullable(),
  /** Maker and model. */
  camera: z.string().nullable(),
  /** Degrees, WGS 84. */
  location: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
});
export type ImageMetadata = z.output<typeof imageMetadata>;

export const placement = z.object({
  folder: z.string(),
  by: z.enum(['auto', 'user']),
  confidence: z.number(),
  reason: z.string(),
  runnerUp: z.object({ folder: z.string(), confidence: z.number() }).nullable(),
  matchedWords: z.array(z.string()),
  needsReview: z.boolean(),
  /** Folders to choose from where `needsReview`. */
  suggestions: z.array(z.string()),
  /** The name in the folder: the uploaded one, numbered where it clashed. */
  filename: z.string(),
  model: z.string(),
  promptVersion: z.string(),
});

export const stageView = z.object({
  status: stageStatus,
  attempts: z.int(),
  durationMs: z.number().nullable(),
  error: failure.nullable(),
});

export const image = z
  .object({
    id: z.uuid(),
    batchId: z.uuid(),
    filename: z.string(),
    contentType: z.string(),
    size: z.int(),
    sha256: z.string(),
    status: imageStatus,
    uploadedAt: z.iso.datetime(),
    duplicateOf: z.uuid().nullable(),
    metadata: imageMetadata.nullable(),
    text: z.string().nullable(),
    /** 0 to 100: mean confidence of the words kept. */
    textConfidence: z.number().nullable(),
    /** ISO 639-3, as tesseract names languages. */
    language: z.string().nullable(),
    caption: z.string().nullable(),
    tags: z.array(z.string()),
    placement: placement.nullable(),
    /** When it came into the trash; null where it is not there. */
    deletedAt: z.iso.datetime().nullable(),
    stages: z.record(stageName, stageView),
    links: z.object({
      self: z.string(),
      original: z.string(),
      text: z.string(),
      compressed: z.string(),
      thumbnails: z.object({ small: z.string(), medium: z.string() }),
      history: z.string(),
    }),
  })
  .meta({ id: 'Image' });
export type Image = z.output<typeof image>;

/** One line of GET /api/images/{id}/history. */
export const historyEntry = z
  .object({
    at: z.iso.datetime(),
    /** `upload`, a stage, or `correction`: what a person did. */
    stage: z.enum(['upload', ...stageNames, 'correction']),
    event: z.enum([
      'accepted',
      'started',
      'done',
      'attempt-failed',
      'failed',
      'retried',
      'lost',
      'corrected',
      'undone',
      'relocated',
      'reprocessed',
      'trashed',
      'restored',
    ]),
    attempt: z.int().nullable(),
    durationMs: z.number().nullable(),
    error: failure.nullable(),
    /** Who corrected it: the account's email. */
    by: z.string().optional(),
    /** What was corrected. */
    fields: z.array(z.string()).optional(),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.output<typeof historyEntry>;

export const imageHistory = z.object({ id: z.uuid(), items: z.array(historyEntry) });

export const imageSort = z.enum(['-uploadedAt', 'uploadedAt', 'filename', '-filename', 'size', '-size']);
export type ImageSort = z.output<typeof imageSort>;
/** A date or a time, ISO 8601. */
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** Query of GET /api/images. */
export const imageQuery = z.object({
  q: z.string().max(500).optional().meta({
    description: 'Words; the last letters of each may be missing, accents do not matter.',
    example: 'total diner',
  }),
  folder: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'A folder with all below it.', example: 'Receipts' }),
  tag: z.string().max(100).optional(),
  status: imageStatus.optional(),
  batch: z.uuid().optional(),
  from: moment.optional().meta({ description: 'Uploaded then or later.', example: '2026-11-01' }),
  to: moment
    .optional()
    .meta({ description: 'Uploaded then or before; a date means its end.', example: '2026-11-30' }),
  format: z.string().max(20).optional().meta({ description: 'Of the file.', example: 'jpeg' }),
  sort: imageSort.default('-uploadedAt'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional().meta({ description: '`nextCursor` of the page before.' }),
});

export const imageList = z.object({ items: z.array(image), nextCursor: z.string().nullable() });
/** Body of POST /api/images/{id}/retry; without a stage every failed stage. */
export const retryRequest = z.object({ stage: stageName.optional() });
