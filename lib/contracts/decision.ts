import { z } from 'zod';

/** What asking a language model for one image cost, repairs and failed calls included. */
export const llmUsage = z.object({
  calls: z.int().min(0),
  promptTokens: z.int().min(0),
  completionTokens: z.int().min(0),
  costUsd: z.number().min(0),
});
export type LlmUsage = z.output<typeof llmUsage>;

/** What a classifier says of one image, whoever made it. Also what the organizer is told. */
export const decision = z.object({
  /** The image's name as uploaded. */
  filename: z.string(),
  /** True when `toDir` is to be created. */
  isNewDir: z.boolean(),
  /** Folder path in the owner's catalogue, `/` between segments: `Photos/2024/Italy`. */
  toDir: z.string().min(1),
  /** What belongs into `toDir`; null when it exists already. */
  description: z.string().nullable(),
  /** Words typical of a new folder. */
  commonWords: z.array(z.string()),
  caption: z.string(),
  tags: z.array(z.string()).max(5),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** One sentence a person understands: why this folder. */
  reason: z.string(),
  runnerUp: z.object({ folder: z.string(), confidence: z.number().min(0).max(1) }).nullable(),
  /** The words of the image that spoke for the folder. */
  matchedWords: z.array(z.string()),
  /** A person should look at it: nothing to go by, or low confidence. */
  needsReview: z.boolean(),
  /** Folders to suggest in the review, best first. */
  suggestions: z.array(z.string()),
  /** Stamp, so that only stale decisions are made again: `local` or the LLM's name. */
  model: z.string(),
  promptVersion: z.string(),
  /** Of all the settings that it was made under; missing in decisions from before there was one. */
  stamp: z.string().optional(),
  /** Missing where no language model was asked. */
  usage: llmUsage.optional(),
});
export type Decision = z.output<typeof decision>;
