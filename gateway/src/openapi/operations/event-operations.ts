import type { LiveEvent } from '@image-organizer/contracts/http/live-event';
import { z } from 'zod';
import { batchExample, imageExample } from '../examples.ts';
import type { Operation } from '../operation.ts';

const { id, batchId, filename, caption, tags } = imageExample;

/** What a client is told that watches while an image is organised. */
export const liveExample: LiveEvent[] = [
  { event: 'ready', data: {} },
  {
    event: 'image',
    data: {
      ...{ id, batchId, filename, status: 'organized', folder: 'Receipts', caption, tags },
      ...{ needsReview: false, deletedAt: null },
    },
  },
  { event: 'batch', data: { id: batchExample.id, status: 'completed', total: 1, organized: 1, failed: 0 } },
];

const description = `Server-sent events, for as long as the client stays and its token is valid. Each tells a state, not a
step: who missed three changes of an image is told its present state once, and after a reconnect maybe once more.

- \`ready\`, first: changes from here on are told. Load the lists now.
- \`image\` {id, batchId, filename, status, folder, caption, tags, needsReview, deletedAt}: new, or one of these changed.
- \`batch\` {id, status, total, organized, failed}: it changed, or its images did.
- \`reset\`: it cannot be told what changed since Last-Event-ID (older than a day, or none of ours). Load the lists anew.

Ids are opaque. A client that comes back with the last one in Last-Event-ID misses nothing. It comes back, with a new token
where the old one has expired, whenever the stream ends. An EventSource of a browser cannot send the token: use fetch.`;

export const eventOperations: Operation[] = [
  {
    id: 'watchEvents',
    method: 'get',
    path: '/api/events',
    tag: 'Library',
    summary: 'What changes, as it changes',
    description,
    headers: z.object({
      'Last-Event-ID': z.string().optional().meta({
        description: 'The id of the last event that the client had: it is told what changed since.',
      }),
    }),
    query: z.object({
      lastEventId: z
        .string()
        .optional()
        .meta({ description: 'The same, for those who cannot send the header.' }),
    }),
    answers: {
      200: {
        description: 'The stream',
        content: {
          'text/event-stream': {
            schema: z.string(),
            example: liveExample
              .map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
              .join(''),
          },
        },
      },
    },
    problems: [429],
  },
];
