import { z } from 'zod';
import { folderPath } from './correction.ts';
import { image } from './image.ts';

/** Images are counted no further: `more` says that there are. */
export const mostCounted = 1_000;

/** Query of GET /api/review. */
export const reviewQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional(),
});

/** An image that waits for a person, and what that person can do. */
export const reviewItem = image
  .extend({
    review: z.object({
      /** `choose`: say its folder (POST /api/review/{id}/accept). `retry`: it failed; try again, or say a folder. */
      action: z.enum(['choose', 'retry']),
      /** Why it waits. */
      detail: z.string(),
      /** Folders to choose from, the best first; they may be new. */
      suggestions: z.array(z.string()),
    }),
  })
  .meta({ id: 'ReviewItem' });
export type ReviewItem = z.output<typeof reviewItem>;

export const reviewList = z.object({
  items: z.array(reviewItem),
  nextCursor: z.string().nullable(),
  /** How many wait, of all pages. */
  total: z.int().max(mostCounted),
  /** There are more than `total`. */
  more: z.boolean(),
});
export type ReviewList = z.output<typeof reviewList>;

/** Body of POST /api/review/{id}/accept: without a folder the place that it has is right. */
export const acceptRequest = z.strictObject({ folder: folderPath.optional() });
