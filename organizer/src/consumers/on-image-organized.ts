import type { EventData } from '@image-organizer/contracts/define-event';
import type { imageOrganized } from '@image-organizer/contracts/events/image-organized';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { LibraryTree } from '@image-organizer/adapters/library-tree/library-tree';

/** Keeps the library tree in step with the catalogue, and lets the folder learn from its new image. Idempotent. */
export async function onImageOrganized(
  { imageId, ownerId }: EventData<typeof imageOrganized>,
  { catalog, library }: { catalog: Catalog; library: LibraryTree },
): Promise<void> {
  const image = await catalog.getImage(ownerId, imageId);
  if (!image?.placement) return; // deleted, or taken back for a retry: there is nothing to follow up
  const { folder, filename } = image.placement;
  await library.place(originalBlobId(imageId), { owner: image.ownerEmail, folder, filename });
  await catalog.refreshFolder(ownerId, folder);
}
