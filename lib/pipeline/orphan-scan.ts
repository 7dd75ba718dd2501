import { imageIdOfBlob, originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { BlobId, BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';

const pageSize = 1_000;

/**
 * Deletes blobs that no image names: bytes of a refused upload, renditions of an attempt that was fenced. Each call
 * looks at the next page of the store and begins again at its end, so a call costs the same however large the store is.
 */
export function createOrphanScan(options: {
  blobs: BlobStore;
  catalog: Catalog;
  clock: Clock;
  log: Log;
  blobGraceMs: number;
}): () => Promise<void> {
  const { blobs, catalog, clock, log } = options;
  let after: BlobId | undefined;
  return async () => {
    const abandoned = (await blobs.removeAbandoned?.()) ?? 0;
    if (abandoned > 0)
      log.warn({ abandoned }, 'sweeper: what dead processes left among the blobs is removed');
    const page = await blobs.list({ ...(after ? { after } : {}), limit: pageSize });
    after = page.length < pageSize ? undefined : page.at(-1)!.id;
    const youngest = clock.now().getTime() - options.blobGraceMs;
    const old = page.filter(({ storedAt }) => storedAt.getTime() < youngest).map(({ id }) => id);
    const images = await catalog.findImages([...new Set(old.map(imageIdOfBlob))]);
    const named = new Set(images.flatMap(blobsOf));
    for (const id of old.filter((id) => !named.has(id))) {
      log.warn({ blob: id }, 'sweeper: a blob that no image names is deleted');
      await blobs.delete(id);
    }
  };
}

/** Every blob an image names. */
export const blobsOf = (image: ImageRecord): BlobId[] => [
  originalBlobId(image.id),
  ...Object.values(image.renditions ?? {}).map(({ blobId }) => blobId),
];
