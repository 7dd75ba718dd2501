import { z } from 'zod';
import { folderPath } from './correction.ts';

/** What can be done again; the stages after it follow. */
export const reprocessStages = z
  .array(z.enum(['extract', 'classify']))
  .min(1)
  .max(2);

/** Body of POST /api/images/{id}/reprocess; without stages all. */
export const reprocessImageRequest = z.strictObject({ stages: reprocessStages.optional() });

/** Body of POST /api/reprocess. */
export const reprocessRequest = z.strictObject({
  /** True: only count, and say what it may take. */
  dryRun: z.boolean(),
  /** Which organised images; all conditions at once. */
  filter: z
    .strictObject({
      /** With all folders below it. */
      folder: folderPath.optional(),
      batch: z.uuid().optional(),
      /** Read or decided under other settings, by another model or with another prompt than now. */
      stale: z.literal(true).optional(),
    })
    .refine((filter) => Object.keys(filter).length > 0, 'name at least one of folder, batch and stale'),
  /** Missing: of stale images the stages that are stale, of others all. */
  stages: reprocessStages.optional(),
});
export type ReprocessRequest = z.output<typeof reprocessRequest>;

/** By what your images took so far; null where nothing has been measured yet. */
export const reprocessEstimate = z.object({
  /** One image after the other; several are worked on at once. */
  seconds: z.number().nullable(),
  promptTokens: z.int().nullable(),
  completionTokens: z.int().nullable(),
  costUsd: z.number().nullable(),
  llmCalls: z.int().nullable(),
});
export type ReprocessEstimate = z.output<typeof reprocessEstimate>;

/** Answer of a dry run. */
export const reprocessPlan = z.object({ images: z.int(), estimate: reprocessEstimate });

/** Answer where it was begun. */
export const reprocessAnswer = z.object({ queued: z.int() });
