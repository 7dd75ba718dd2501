import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { decision } from '../decision.ts';

/** A folder was found for the image; the organizer checks it again and puts it there. */
export const imageClassified = defineEvent('image.classified', {
  imageId: z.uuid(),
  ownerId: z.uuid(),
  ...decision.shape,
});
