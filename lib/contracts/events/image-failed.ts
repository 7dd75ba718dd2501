import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { failure, stageName } from '../vocabulary.ts';

/** A stage has spent its attempts: the image will not be organised unless somebody retries it. */
export const imageFailed = defineEvent('image.failed', {
  imageId: z.uuid(),
  ownerId: z.uuid(),
  batchId: z.uuid(),
  stage: stageName,
  error: failure,
});
