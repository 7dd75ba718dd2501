import { z } from 'zod';
import { failure } from '../vocabulary.ts';
import { callbackUrl } from './callback-url.ts';

/** What is wrong with one cell of a CSV, or with one URL of it. */
export const importError = z
  .object({
    /** The line that the row begins at, from 1. */
    row: z.int(),
    column: z.string(),
    /** As given, cut to 200 characters. */
    value: z.string(),
    code: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'ImportError' });
export type ImportError = z.output<typeof importError>;

const summary = {
  id: z.uuid(),
  filename: z.string(),
  /** `completed`: every URL is settled, and every image is organised or has failed. */
  status: z.enum(['receiving', 'running', 'paused', 'cancelled', 'completed']),
  /** `failed`: no URL of the row became an image, or the row could not be read. */
  rows: z.object({ total: z.int(), done: z.int(), failed: z.int() }),
  createdAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
  links: z.object({
    self: z.string(),
    rows: z.string(),
    output: z.string(),
    errors: z.string(),
    batch: z.string(),
  }),
};

export const importSummary = z.object(summary).meta({ id: 'ImportSummary' });
export type ImportSummary = z.output<typeof importSummary>;

/** Answer of POST /api/imports, 202, and of GET /api/imports/{id}. */
export const importView = z
  .object({
    ...summary,
    /** Those fetched so far; the same as of the batch with this id. */
    images: z.object({ total: z.int(), organized: z.int(), failed: z.int() }),
    /** The first 100; /errors.csv has all. */
    errors: z.array(importError),
  })
  .meta({ id: 'Import' });
export type Import = z.output<typeof importView>;

export const importList = z.object({ items: z.array(importSummary), nextCursor: z.string().nullable() });

/** Query of GET /api/imports. */
export const importQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(1000).optional().meta({ description: '`nextCursor` of the page before.' }),
});

/** One row of the CSV and what has become of its URLs. */
export const importRow = z
  .object({
    row: z.int(),
    serialNumber: z.string(),
    productName: z.string(),
    status: z.enum(['pending', 'running', 'done', 'failed']),
    attempts: z.int(),
    urls: z.array(
      z.object({
        url: z.string(),
        status: z.enum(['pending', 'fetched', 'failed']),
        imageId: z.uuid().nullable(),
        error: failure.nullable(),
      }),
    ),
    errors: z.array(importError.omit({ row: true })),
  })
  .meta({ id: 'ImportRow' });
export type ImportRowView = z.output<typeof importRow>;

export const importRowList = z.object({ items: z.array(importRow), nextCursor: z.string().nullable() });

/** Query of GET /api/imports/{id}/rows. */
export const importRowQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'is no cursor of this list: begin again without one')
    .optional()
    .meta({ description: '`nextCursor` of the page before.' }),
  failed: z.enum(['true', 'false']).optional().meta({ description: 'Only rows with something wrong.' }),
});

/** Query of POST /api/imports where the body is the CSV itself; in multipart/form-data these are fields. */
export const importFields = z.object({
  filename: z.string().max(500).optional().meta({ example: 'products.csv' }),
  folder: z.string().max(500).optional().meta({ description: 'Where all of its images go.' }),
  notify: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Whether an email tells when all is done.' }),
  callbackUrl: callbackUrl.optional(),
});
