import { z } from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';

/** draft-ietf-httpapi-ratelimit-headers-08; missing where limits are off, and where nobody was counted. */
const headers = z.object({
  RateLimit: z
    .string()
    .optional()
    .meta({
      description: 'What is left (`r`) and seconds until it is whole again (`t`)',
      example: '"credential"; r=2999; t=60',
      header: { id: 'RateLimit' },
    }),
  'RateLimit-Policy': z
    .string()
    .optional()
    .meta({
      description: 'How many requests (`q`) in how many seconds (`w`), and whose (`pk`, a hash)',
      example: '"credential"; q=3000; w=60; pk=:ZGU4OGMyYzFiYzIy:',
      header: { id: 'RateLimitPolicy' },
    }),
});

const retryAfter = z
  .string()
  .optional()
  .meta({ description: 'Seconds after which to try again', example: '12', header: { id: 'RetryAfter' } });

/** Answers by status, each with the headers of the rate limit beside its own. */
export const withRateLimit = (
  answers: Record<string, ZodOpenApiResponseObject>,
): Record<string, ZodOpenApiResponseObject> =>
  Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      {
        ...answer,
        headers: z.object({
          ...(answer.headers as z.ZodObject | undefined)?.shape,
          ...headers.shape,
          ...(['429', '503'].includes(status) && { 'Retry-After': retryAfter }),
        }),
      },
    ]),
  );
