import type { BlobId } from '../blob-store/blob-store.ts';

/** Where a file stands in an owner's library. */
export interface LibraryPath {
  /** The owner's email. */
  owner: string;
  /** Folder path, `/` between segments. */
  folder: string;
  filename: string;
}

/**
 * The catalogue's folders as files a person can look at: `library/<owner>/<folder>/<file>`.
 * Adapters: hard-links (beside the disk blob store), none. Every call may be repeated.
 */
export interface LibraryTree {
  /** Makes the file at `path` be the blob, replacing what stood there. Unsafe names are made safe, never followed. */
  place(blob: BlobId, path: LibraryPath): Promise<void>;
  /** Removing what is not there succeeds; folders left empty go too. */
  remove(path: LibraryPath): Promise<void>;
}

/** Where no tree is kept. */
export const noLibraryTree: LibraryTree = { place: async () => {}, remove: async () => {} };
