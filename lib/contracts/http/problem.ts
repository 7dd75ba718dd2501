import { z } from 'zod';

/** RFC 9457 problem details, as every error answer of every service. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    /** One entry per wrong field, where several can be wrong at once. */
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
    requestId: z.string().nullable(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problem>;
