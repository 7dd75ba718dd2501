import { z } from 'zod';
import { stageName } from '../vocabulary.ts';

export const stats = z
  .object({
    images: z.object({
      total: z.int(),
      queued: z.int(),
      processing: z.int(),
      organized: z.int(),
      failed: z.int(),
    }),
    /** organized / (organized + failed); null before the first is settled. */
    successRate: z.number().nullable(),
    /** From upload to organised, mean. */
    averageProcessingMs: z.number().nullable(),
    stages: z.record(
      stageName,
      z.object({
        count: z.int(),
        failed: z.int(),
        meanMs: z.number().nullable(),
        p95Ms: z.number().nullable(),
      }),
    ),
    /** Bytes of the originals. */
    bytes: z.int(),
    llm: z.object({
      calls: z.int(),
      promptTokens: z.int(),
      completionTokens: z.int(),
      costUsd: z.number(),
      /** Images for which no LLM was asked, because the local classifier was sure or the bytes were known. */
      callsAvoided: z.int(),
    }),
  })
  .meta({ id: 'Stats' });
export type Stats = z.output<typeof stats>;
