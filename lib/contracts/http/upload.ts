import { z } from 'zod';
import { imageStatus } from '../vocabulary.ts';

/** Answer of POST /upload and POST /api/images, 202. */
export const uploadAnswer = z
  .object({
    batchId: z.uuid(),
    images: z.array(
      z.object({
        id: z.uuid(),
        filename: z.string(),
        status: imageStatus,
        /** The image of yours with the very same bytes; it is not read a second time. */
        duplicateOf: z.uuid().optional(),
      }),
    ),
    refused: z.array(z.object({ filename: z.string(), code: z.string(), detail: z.string() })),
    links: z.object({ batch: z.string() }),
  })
  .meta({ id: 'Upload' });
export type UploadAnswer = z.output<typeof uploadAnswer>;
