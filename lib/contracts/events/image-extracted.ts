import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
/** The image was read: renditions, metadata and text are in the catalogue. */
export const imageExtracted = defineEvent('image.extracted', {
  imageId: z.uuid(),
  ownerId: z.uuid(),
});
