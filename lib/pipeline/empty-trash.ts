import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { blobsOf } from './orphan-scan.ts';

const pageSize = 500;
const thirtyDaysMs = 30 * 24 * 3_600_000;

/**
 * Forgets images that lay in the trash for `trashMs`, a page at a call. The image goes first, so that nobody restores one
 * without bytes; blobs that a crash leaves behind are found by the orphan scan.
 */
export function createEmptyTrash(options: {
  blobs: BlobStore;
  catalog: Catalog;
  clock: Clock;
  log: Log;
  trashMs?: number;
}): () => Promise<void> {
  const { blobs, catalog, clock, log, trashMs = thirtyDaysMs } = options;
  return async () => {
    const until = new Date(clock.now().getTime() - trashMs);
    for (const image of await catalog.expiredTrash(until, pageSize)) {
      if (!(await catalog.purgeImage(image.id, until))) continue; // restored meanwhile
      for (const blob of blobsOf(image)) await blobs.delete(blob);
      log.info({ imageId: image.id }, 'sweeper: an image left the trash for good');
    }
  };
}
