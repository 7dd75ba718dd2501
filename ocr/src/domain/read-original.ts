import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { imageProblem } from './image-problems.ts';

/**
 * The upload's bytes, in memory.
 * @param maxBytes refused above, by the catalogue's size and by the bytes themselves
 * @throws PermanentError IMAGE_TOO_LARGE
 */
export async function readOriginal(
  blobs: BlobStore,
  image: ImageRecord,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<Buffer> {
  if (image.size > maxBytes) throw imageProblem.tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await blobs.open(originalBlobId(image.id))) {
    signal.throwIfAborted();
    chunks.push(chunk as Buffer);
    if ((size += (chunk as Buffer).length) > maxBytes) throw imageProblem.tooLarge(maxBytes);
  }
  return Buffer.concat(chunks);
}
