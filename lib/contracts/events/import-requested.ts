import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
/** A CSV was read, or an import goes on: its rows are in the catalogue, where importers find them. */
export const importRequested = defineEvent('import.requested', {
  importId: z.uuid(),
  ownerId: z.uuid(),
});
