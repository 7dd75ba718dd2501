import { z } from 'zod';
import { imageList } from './image.ts';

export const batch = z
  .object({
    id: z.uuid(),
    status: z.enum(['open', 'completed']),
    total: z.int(),
    organized: z.int(),
    failed: z.int(),
    createdAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
    /** The first page; the rest by GET /api/images?batch=… */
    images: imageList,
  })
  .meta({ id: 'Batch' });
export type Batch = z.output<typeof batch>;
