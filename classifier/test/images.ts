import type { ImageMetadata } from '@image-organizer/contracts/http/image';
import type { FolderProfile, ImageToClassify } from '../src/domain/classifier.ts';

/** A picture in the middle of nowhere: nothing is known of it but what the test says. */
export const imageWith = (known: Partial<ImageToClassify> = {}): ImageToClassify => ({
  ownerId: 'owner',
  filename: 'upload.jpg',
  metadata: null,
  text: '',
  requestedFolder: null,
  renditions: null,
  ...known,
});

export const metadataWith = (known: Partial<ImageMetadata> = {}): ImageMetadata => ({
  width: 640,
  height: 480,
  format: 'jpeg',
  orientation: null,
  takenAt: null,
  camera: null,
  location: null,
  ...known,
});

export const folderWith = (path: string, known: Partial<FolderProfile> = {}): FolderProfile => ({
  path,
  description: '',
  commonWords: [],
  createdBy: 'user',
  ...known,
});

/** As the catalogue learns a folder's words: by in how many of its images each occurs, at most 50. */
export function learnedFrom(texts: string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(text.toLowerCase().match(/\p{L}{2,}/gu)))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([word]) => word)
    .slice(0, 50);
}
