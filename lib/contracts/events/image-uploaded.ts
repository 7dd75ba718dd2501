import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
/** An image was accepted: its bytes are in the blob store, its facts in the catalogue. */
export const imageUploaded = defineEvent('image.uploaded', {
  imageId: z.uuid(),
  ownerId: z.uuid(),
});
