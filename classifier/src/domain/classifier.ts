import type { FolderRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { Decision } from '@image-organizer/contracts/decision';

/** What a classifier sees of an image. */
export type ImageToClassify = Pick<
  ImageRecord,
  'ownerId' | 'filename' | 'metadata' | 'text' | 'requestedFolder' | 'renditions'
>;

/** What a classifier sees of one of the owner's folders. */
export type FolderProfile = Pick<
  FolderRecord,
  'path' | 'description' | 'commonWords' | 'createdBy' | 'formerPaths'
>;

/** Finds the folder, the caption and the tags of one image. There is a local one
 * (local-classifier.ts) and one that asks a language model where the local one is not sure (llm-classifier.ts). */
export interface Classifier {
  /** Says what its decisions depend on: model, prompt, settings. Those under another stamp are stale. */
  readonly stamp: string;
  /**
   * @param folders all of the owner's folders
   * @throws what `signal` was aborted with
   */
  decide(
    image: ImageToClassify,
    folders: FolderProfile[],
    options: { signal: AbortSignal },
  ): Promise<Decision>;
}

/** A folder that may be the image's, existing or proposed. */
export interface RankedFolder {
  folder: string;
  /** Points of evidence, more than 0; only their differences mean something. See confidence.ts. */
  score: number;
  /** Words of the image that spoke for it, the strongest first, at most 8. */
  matchedWords: string[];
  /** Of the folder, or what it would begin with. */
  description: string;
  commonWords: string[];
}
