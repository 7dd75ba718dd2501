import { z } from 'zod';
import { imageStatus } from '../vocabulary.ts';
import { batch } from './batch.ts';

/** The present state of an image that changed, as far as a list shows it; GET /api/images/{id} tells the rest. */
export const liveImage = z.object({
  id: z.uuid(),
  batchId: z.uuid(),
  filename: z.string(),
  status: imageStatus,
  /** Null until it is organised. */
  folder: z.string().nullable(),
  caption: z.string().nullable(),
  tags: z.array(z.string()),
  needsReview: z.boolean(),
  /** When it came into the trash; null where it is not there. */
  deletedAt: z.iso.datetime().nullable(),
});

/** The present state of a batch that changed, itself or in its images. */
export const liveBatch = batch.pick({ id: true, status: true, total: true, organized: true, failed: true });

const nothing = z.strictObject({});

/**
 * What GET /api/events sends. State, not steps: who missed three changes of an image is told its present state once.
 * `ready`: changes from here on are told. `reset`: it cannot be told what changed since Last-Event-ID; load the lists anew.
 */
export const liveEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready'), data: nothing }),
  z.object({ event: z.literal('reset'), data: nothing }),
  z.object({ event: z.literal('image'), data: liveImage }),
  z.object({ event: z.literal('batch'), data: liveBatch }),
]);
export type LiveEvent = z.output<typeof liveEvent>;
