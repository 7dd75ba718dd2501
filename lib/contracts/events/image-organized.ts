import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

/** The image is in its folder, by a machine or a person, or has left it: what follows from that may begin. */
export const imageOrganized = defineEvent('image.organized', {
  imageId: z.uuid(),
  ownerId: z.uuid(),
  batchId: z.uuid(),
  folder: z.string(),
  filename: z.string(),
  /** The place it had before, where a person moved it or put it into the trash. */
  from: z.object({ folder: z.string(), filename: z.string() }).optional(),
});
