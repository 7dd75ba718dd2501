import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { BlobId, BlobStore } from '../blob-store/blob-store.ts';
import type { LibraryTree } from './library-tree.ts';
import { compressedKeyOf, libraryKeyOf, type S3Place } from './s3-keys.ts';

export interface S3Options extends S3Place {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * A copy of the library in a bucket of S3, or of a server that speaks it. What may read it is the bucket's business:
 * links need `compressed/` to be public, and nothing needs `library/` to be.
 * @param blobs where the bytes are
 */
export function createS3Library({
  blobs,
  ...options
}: S3Options & { blobs: Pick<BlobStore, 'stat' | 'open'> }): LibraryTree & { close(): Promise<void> } {
  const { bucket: Bucket, endpoint, region, forcePathStyle, accessKeyId, secretAccessKey } = options;
  const client = new S3Client({
    ...{ endpoint, region, forcePathStyle },
    credentials: { accessKeyId, secretAccessKey },
    // Newer checksums come in trailers, which not every server knows.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
  });

  async function put(blob: BlobId, Key: string, ContentType: string) {
    const { size } = await blobs.stat(blob);
    const Body = await blobs.open(blob);
    try {
      await client.send(
        new PutObjectCommand({
          ...{ Bucket, Key, Body, ContentType },
          ContentLength: size,
          Metadata: { blob },
        }),
      );
    } finally {
      Body.destroy();
    }
  }

  const remove = async (Key: string) => {
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
  };

  /** @returns undefined where there is nothing */
  async function blobAt(Key: string): Promise<BlobId | undefined> {
    const found = await client.send(new HeadObjectCommand({ Bucket, Key })).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NotFound') return undefined;
      throw error;
    });
    return found?.Metadata?.['blob'];
  }

  return {
    place: (blob, path, contentType) => put(blob, libraryKeyOf(path), contentType),
    remove: (path) => remove(libraryKeyOf(path)),
    async publish(blob, imageId) {
      const key = compressedKeyOf(imageId);
      if ((await blobAt(key)) !== blob) await put(blob, key, 'image/jpeg');
    },
    unpublish: (imageId) => remove(compressedKeyOf(imageId)),
    close: async () => client.destroy(),
  };
}
