import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { PermanentError } from '@image-organizer/platform/errors';

/** The image, be it in the trash. @throws PermanentError when the owner has never had such an image; one that was deleted is there. */
export async function requireImage(
  { imageId, ownerId }: { imageId: string; ownerId: string },
  catalog: Catalog,
): Promise<ImageRecord> {
  const [image] = await catalog.findImages([imageId]);
  if (image?.ownerId === ownerId) return image;
  throw new PermanentError('IMAGE_UNKNOWN', 'what the message names is not in the catalogue');
}
