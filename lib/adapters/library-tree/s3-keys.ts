import type { LibraryPath } from './library-tree.ts';
import { safeName } from './safe-name.ts';

/** A key has at most 1,024 bytes; an owner and a name may have 255 each, and a folder is at most four deep. */
const longestFolderName = 120;

export const libraryKeyOf = ({ owner, folder, filename }: LibraryPath): string =>
  [
    'library',
    safeName(owner),
    ...folder
      .split('/')
      .filter((segment) => segment !== '')
      .map((segment) => safeName(segment, longestFolderName)),
    safeName(filename),
  ].join('/');

/** The same wherever a person moves the image. */
export const compressedKeyOf = (imageId: string): string => `compressed/${imageId}.jpg`;

export interface S3Place {
  /** https://s3.eu-central-1.amazonaws.com */
  endpoint: string;
  bucket: string;
  /** The bucket stands in the URL's path and not in its host. */
  forcePathStyle: boolean;
  /** What links begin with, where it is not the bucket itself: a CDN. */
  publicUrl?: string | undefined;
}

/** Says where the compressed copy of an image is (or will be, once it is organised). */
export function createPublicImageUrl(place: S3Place): (imageId: string) => string {
  const base = place.publicUrl ?? bucketUrlOf(place);
  return (imageId) => `${base}/${compressedKeyOf(imageId)}`;
}

function bucketUrlOf({ endpoint, bucket, forcePathStyle }: S3Place): string {
  if (forcePathStyle) return `${endpoint}/${bucket}`;
  const url = new URL(endpoint);
  return `${url.protocol}//${bucket}.${url.host}`;
}
