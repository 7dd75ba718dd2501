import type { EventData } from '@image-organizer/contracts/define-event';
import type { imageOrganized } from '@image-organizer/contracts/events/image-organized';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { LibraryTree } from '@image-organizer/adapters/library-tree/library-tree';
import { coalesce } from '../domain/coalesce.ts';
import { requireImage } from '../domain/require-image.ts';

interface Dependencies {
  catalog: Catalog;
  library: LibraryTree;
}

/**
 * Keeps the library tree in step with the catalogue, and lets the folder learn from its new image. Idempotent. Images that
 * reach one folder together are learnt from together: learning reads a hundred images each time.
 */
export function createOnImageOrganized({ catalog, library }: Dependencies) {
  const learn = coalesce((folder: string) => {
    const [ownerId, path] = JSON.parse(folder) as [string, string];
    return catalog.refreshFolder(ownerId, path);
  });
  return async ({ imageId, ownerId }: EventData<typeof imageOrganized>): Promise<void> => {
    const image = await catalog.getImage(ownerId, imageId);
    if (!image) await requireImage({ imageId, ownerId }, catalog);
    if (!image?.placement) return; // deleted, or taken back for a retry: there is nothing to follow up
    const { folder, filename } = image.placement;
    await library.place(originalBlobId(imageId), { owner: image.ownerEmail, folder, filename });
    await learn(JSON.stringify([ownerId, folder]));
  };
}
