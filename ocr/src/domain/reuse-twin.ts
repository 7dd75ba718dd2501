import { BlobNotFoundError, type BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ExtractResult, ImageRecord } from '@image-organizer/adapters/catalog/records';
import { PostponedError } from '@image-organizer/platform/errors';
import { copyRenditions } from './store-renditions.ts';

/** How long to wait for a twin that is being read. */
const twinDelayMs = 2_000;

/**
 * What is known of the same bytes already: an earlier image of the owner (`duplicateOf`) is not read twice.
 * @returns undefined when there is no such image, or it is gone, failed or read under other settings: then this one is read
 * @throws PostponedError while the earlier one is still to be read
 */
export async function reuseTwin(
  { blobs, catalog, readUnder }: { blobs: BlobStore; catalog: Pick<Catalog, 'getImage'>; readUnder: string },
  image: ImageRecord,
  epoch: number,
): Promise<ExtractResult | undefined> {
  const twin =
    image.duplicateOf === null ? undefined : await catalog.getImage(image.ownerId, image.duplicateOf);
  if (!twin || twin.stages.extract.status === 'failed') return undefined;
  if (twin.stages.extract.status !== 'done') {
    throw new PostponedError(`the same bytes are being read as image ${twin.id}`, twinDelayMs);
  }
  const { metadata, renditions, text, textConfidence, language } = twin;
  if (!metadata || !renditions || twin.readUnder !== readUnder) return undefined;
  try {
    const copied = await copyRenditions(blobs, { imageId: image.id, epoch }, renditions);
    return { metadata, renditions: copied, text: text ?? '', textConfidence, language, readUnder };
  } catch (error) {
    if (error instanceof BlobNotFoundError) return undefined; // deleted in this very moment
    throw error;
  }
}
