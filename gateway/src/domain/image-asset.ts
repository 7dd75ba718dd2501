import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { BlobStore, ByteRange } from '@image-organizer/adapters/blob-store/blob-store';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { Failure, RenditionName } from '@image-organizer/contracts/vocabulary';
import { AppError } from '@image-organizer/platform/errors';

/** What can be fetched of an image. */
export type AssetName = 'original' | 'text' | RenditionName;

export interface Asset {
  contentType: string;
  /** A name to save it under. */
  filename: string;
  /** Bytes. */
  size: number;
  sha256: string;
  /** It never changes any more. */
  final: boolean;
  open(range?: ByteRange): Promise<Readable>;
}

/** It will never be there, unless somebody retries the image. */
export class ExtractionFailedError extends AppError {
  readonly code = 'EXTRACTION_FAILED';
  readonly kind = 'conflict';
  constructor(failure: Failure | null) {
    super(`The image could not be read${failure ? `: ${failure.detail}` : ''}`);
  }
}

/** @returns null while it is not made yet. @throws ExtractionFailedError */
export function findAsset(blobs: BlobStore, image: ImageRecord, name: AssetName): Asset | null {
  const asset = existingAsset(blobs, image, name);
  const { status, error } = image.stages.extract;
  if (!asset && status === 'failed') throw new ExtractionFailedError(error);
  return asset;
}

function existingAsset(blobs: BlobStore, image: ImageRecord, name: AssetName): Asset | null {
  if (name === 'text') return image.text === null ? null : textAsset(image, image.text);
  const found =
    name === 'original' ? { ...image, blobId: originalBlobId(image.id) } : image.renditions?.[name];
  if (!found) return null;
  const { blobId, contentType, size, sha256 } = found;
  const filename =
    name === 'original' ? image.filename : `${stem(image)}-${name}.${contentType.replace('image/', '')}`;
  return { contentType, filename, size, sha256, final: true, open: (range) => blobs.open(blobId, range) };
}

function textAsset(image: ImageRecord, text: string): Asset {
  const bytes = Buffer.from(text);
  return {
    contentType: 'text/plain; charset=utf-8',
    filename: `${stem(image)}.txt`,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    final: image.stages.extract.status === 'done',
    open: async (range) => Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes]),
  };
}

const stem = ({ filename }: ImageRecord) => filename.replace(/(?<=.)\.[^.]*$/, '');
