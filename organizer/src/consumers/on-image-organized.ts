import type { EventData } from '@image-organizer/contracts/define-event';
import type { imageOrganized } from '@image-organizer/contracts/events/image-organized';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { LibraryTree } from '@image-organizer/adapters/library-tree/library-tree';
import { relocateImage } from '@image-organizer/pipeline/relocate-image';
import type { Clock } from '@image-organizer/platform/clock';
import { coalesce } from '../domain/coalesce.ts';
import { createTurns } from '../domain/in-turn.ts';
import { requireImage } from '../domain/require-image.ts';

interface Dependencies {
  catalog: Catalog;
  library: LibraryTree;
  clock: Clock;
  relayHint: (entry: OutboxEntry) => void;
}

type Organized = EventData<typeof imageOrganized>;

/**
 * Keeps the library tree in step with the catalogue, and lets the folders that an image came to or left learn from it.
 * Idempotent. Images that reach one folder together are learnt from together: learning reads a hundred images each time.
 */
export function createOnImageOrganized(dependencies: Dependencies) {
  const { catalog } = dependencies;
  const learn = coalesce((folder: string) => {
    const [ownerId, path] = JSON.parse(folder) as [string, string];
    return catalog.refreshFolder(ownerId, path);
  });
  const inTurn = createTurns<string>();
  return async (event: Organized): Promise<void> => {
    // What the catalogue says and what is done to the tree must not be parted by another image that takes the same name.
    const image = await inTurn(event.ownerId, () => keepInStep(event, dependencies));
    const folders = new Set(
      [event.from?.folder, image.placement?.folder].filter((path) => path !== undefined),
    );
    for (const folder of folders) {
      const isThere = await learn(JSON.stringify([event.ownerId, folder]));
      if (!isThere && folder === image.placement?.folder) await findFolderAgain(image, folder, dependencies);
    }
  };
}

/**
 * The folder was renamed or removed while the image came to it, or the image was put back to where it was before that:
 * it follows, or the folder is made again.
 */
async function findFolderAgain(
  { id, ownerId, ownerEmail }: ImageRecord,
  folder: string,
  dependencies: Dependencies,
): Promise<void> {
  const { catalog, clock } = dependencies;
  const { path } = await catalog.ensureFolder({
    ...{ ownerId, path: folder, description: '', commonWords: [], createdBy: 'auto' },
    now: clock.now(),
  });
  const pathNow = (other: string) => (other === folder ? path : other);
  await relocateImage(dependencies, { imageId: id, pathNow, by: ownerEmail });
}

/** @returns the image as it is now, wherever the event's place is */
async function keepInStep(
  { imageId, ownerId, from }: Organized,
  { catalog, library }: Dependencies,
): Promise<ImageRecord> {
  const image = await requireImage({ imageId, ownerId }, catalog);
  const owner = image.ownerEmail;
  const isLeft = from && (await catalog.freeFilename({ ownerId, imageId, ...from })) === from.filename;
  if (isLeft) await library.remove({ owner, ...from });
  if (image.deletedAt) await library.unpublish(imageId);
  else if (image.placement) {
    const { folder, filename } = image.placement;
    await library.place(originalBlobId(imageId), { owner, folder, filename }, image.contentType);
    if (image.renditions) await library.publish(image.renditions.compressed.blobId, imageId);
  }
  return image;
}
