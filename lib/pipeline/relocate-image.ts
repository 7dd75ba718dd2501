import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { Clock } from '@image-organizer/platform/clock';
import { imageOrganizedEntry } from './outbox-entry.ts';

export interface RelocateDependencies {
  catalog: Pick<Catalog, 'findImages' | 'freeFilename' | 'correctImage'>;
  clock: Clock;
  relayHint: (entry: OutboxEntry) => void;
}

/**
 * Brings an image to where its folder is now, under a name that is free there; the organizer is told of both places, in
 * the lane for many. An image in the trash follows silently.
 * @param move.pathNow where what is in a folder belongs now
 * @param move.by who moved the folder: the account's email
 * @returns whether it was elsewhere
 */
export async function relocateImage(
  { catalog, clock, relayHint }: RelocateDependencies,
  { imageId, pathNow, by }: { imageId: string; pathNow: (folder: string) => string; by: string },
): Promise<boolean> {
  for (;;) {
    const [image] = await catalog.findImages([imageId]);
    if (!image?.placement) return false;
    const { ownerId, placement } = image;
    const folder = pathNow(placement.folder);
    if (folder === placement.folder) return false;
    const placedName = await catalog.freeFilename({ ownerId, imageId, folder, filename: placement.filename });
    const now = clock.now();
    const outcome = await catalog.correctImage({
      ...{ ownerId, imageId, by, now, correction: { kind: 'relocate', folder, placedName } },
      event: (before, after) => tellOrganizer(before, after, now),
    });
    if (outcome.kind === 'name-taken') continue;
    if (outcome.kind !== 'corrected') return false;
    if (outcome.event) relayHint(outcome.event);
    return true;
  }
}

function tellOrganizer(before: ImageRecord, after: ImageRecord, now: Date): OutboxEntry | null {
  return after.deletedAt ? null : { ...imageOrganizedEntry(after, now, before.placement), lane: 'bulk' };
}
