import type { RenditionName } from '@image-organizer/contracts/vocabulary';
import type { BlobId } from './blob-store.ts';

/** The upload's bytes are stored under the image's own id. */
export const originalBlobId = (imageId: string): BlobId => imageId;

/** A rendition carries the epoch of the claim that made it, so that two workers never write one blob. */
export const renditionBlobId = (imageId: string, epoch: number, name: RenditionName): BlobId =>
  `${imageId}.${epoch}.${name}`;

/** The image a blob belongs to. */
export const imageIdOfBlob = (id: BlobId): string => id.split('.', 1)[0]!;
