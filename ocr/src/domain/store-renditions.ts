import { Readable } from 'node:stream';
import { renditionBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Rendition } from '@image-organizer/adapters/catalog/records';
import { renditionNames, type RenditionName } from '@image-organizer/contracts/vocabulary';

export type Renditions = Record<RenditionName, Rendition>;

/** Whose renditions they are: an attempt at an image. */
export interface Attempt {
  imageId: string;
  epoch: number;
}

/** An encoded image that is not stored yet. Sizes in pixels. */
export interface EncodedRendition {
  bytes: Buffer;
  contentType: string;
  width: number;
  height: number;
}

export const storeRenditions = (
  blobs: BlobStore,
  { imageId, epoch }: Attempt,
  encoded: Record<RenditionName, EncodedRendition>,
  signal: AbortSignal,
): Promise<Renditions> =>
  forEachRendition(async (name) => {
    const { bytes, ...about } = encoded[name];
    const { id, size, sha256 } = await blobs.put(
      renditionBlobId(imageId, epoch, name),
      Readable.from([bytes]),
      { signal },
    );
    return { ...about, blobId: id, size, sha256 };
  });

/** The same renditions under ids of our own, so that deleting one image never takes another's. @throws BlobNotFoundError */
export const copyRenditions = (
  blobs: BlobStore,
  { imageId, epoch }: Attempt,
  source: Renditions,
): Promise<Renditions> =>
  forEachRendition(async (name) => {
    const { id } = await blobs.copy(source[name].blobId, renditionBlobId(imageId, epoch, name));
    return { ...source[name], blobId: id };
  });

export async function deleteRenditions(blobs: BlobStore, { imageId, epoch }: Attempt): Promise<void> {
  await Promise.all(renditionNames.map((name) => blobs.delete(renditionBlobId(imageId, epoch, name))));
}

async function forEachRendition(make: (name: RenditionName) => Promise<Rendition>): Promise<Renditions> {
  const made = await Promise.all(renditionNames.map(async (name) => [name, await make(name)] as const));
  return Object.fromEntries(made) as Renditions;
}
