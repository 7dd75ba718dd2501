import { z } from 'zod';
import { image } from './image.ts';

/** Query of GET /api/folders/export.zip. */
export const exportQuery = z.object({
  /** A folder with all below it; without one everything. */
  path: z.string().max(500).optional(),
});

/** An image as the catalogue of an export tells of it. */
export const exportedImage = image
  .pick({
    id: true,
    batchId: true,
    filename: true,
    contentType: true,
    size: true,
    sha256: true,
    status: true,
    uploadedAt: true,
    metadata: true,
    text: true,
    textConfidence: true,
    language: true,
    caption: true,
    tags: true,
  })
  .extend({
    /** Its path in the ZIP. */
    file: z.string(),
    /** Where it was put; null while it is nowhere yet. */
    folder: z.string().nullable(),
  });
export type ExportedImage = z.output<typeof exportedImage>;

/** An image that was deleted while the export was made. */
export const missingImage = z.object({
  id: z.uuid(),
  /** The path that it has, or would have, in the ZIP. */
  file: z.string(),
  reason: z.enum(['deleted', 'deleted-while-read', 'facts-deleted']).meta({
    description:
      '`deleted`: the ZIP has no such file; `deleted-while-read`: the file ends early; `facts-deleted`: the file is whole, nothing else is known of it any more',
  }),
});
export type MissingImage = z.output<typeof missingImage>;

/** catalog.json, the last file of an export. */
export const exportCatalog = z.object({
  exportedAt: z.iso.datetime(),
  images: z.array(exportedImage),
  missing: z.array(missingImage),
});
