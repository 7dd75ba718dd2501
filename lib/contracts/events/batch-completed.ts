import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
/** Every image of an upload is organised or failed. */
export const batchCompleted = defineEvent('batch.completed', {
  batchId: z.uuid(),
  ownerId: z.uuid(),
});
