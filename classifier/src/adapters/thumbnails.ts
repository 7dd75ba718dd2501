import { buffer } from 'node:stream/consumers';
import { type BlobStore, BlobNotFoundError } from '@image-organizer/adapters/blob-store/blob-store';
import sharp from 'sharp';
import type { ImageToClassify } from '../domain/classifier.ts';

/** Pixels of the longer side: more costs more tokens. */
const longestSide = 512;
const mostPixels = 4_000_000;

/**
 * Small JPEGs for a language model, made from the medium rendition, so without EXIF and never from a stranger's bytes.
 * @returns a function to a JPEG; undefined where there is no rendition. It rejects when the blob store does
 */
export const createThumbnails =
  (blobs: Pick<BlobStore, 'open'>) =>
  async ({ renditions }: Pick<ImageToClassify, 'renditions'>): Promise<Buffer | undefined> => {
    if (!renditions) return undefined;
    try {
      const bytes = await buffer(await blobs.open(renditions.medium.blobId));
      return await sharp(bytes, { limitInputPixels: mostPixels })
        .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality: 70 })
        .toBuffer();
    } catch (error) {
      if (error instanceof BlobNotFoundError) return undefined;
      throw error;
    }
  };
