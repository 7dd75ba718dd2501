import type { EventData } from '@image-organizer/contracts/define-event';
import type { imageOrganized } from '@image-organizer/contracts/events/image-organized';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { LibraryTree } from '@image-organizer/adapters/library-tree/library-tree';
import { coalesce } from '../domain/coalesce.ts';
import { createTurns } from '../domain/in-turn.ts';
import { requireImage } from '../domain/require-image.ts';

interface Dependencies {
  catalog: Catalog;
  library: LibraryTree;
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
    const { placement } = await inTurn(event.ownerId, () => keepInStep(event, dependencies));
    const folders = new Set([event.from?.folder, placement?.folder].filter((path) => path !== undefined));
    for (const folder of folders) await learn(JSON.stringify([event.ownerId, folder]));
  };
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
  if (image.placement && !image.deletedAt) {
    const { folder, filename } = image.placement;
    await library.place(originalBlobId(imageId), { owner, folder, filename });
  }
  return image;
}
