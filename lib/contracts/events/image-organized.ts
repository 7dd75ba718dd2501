import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

/** The image is in its folder: what follows from that may begin. */
export const imageOrganized = defineEvent('image.organized', {
  imageId: z.uuid(),
  ownerId: z.uuid(),
  batchId: z.uuid(),
  folder: z.string(),
  filename: z.string(),
});
