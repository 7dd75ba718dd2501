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
 * Adapters: hard-links (beside the disk blob store), s3, none. Every call may be repeated. `describeLibraryTree`
 * (lib/testing) is the specification.
 */
export interface LibraryTree {
  /**
   * Makes the file at `path` be the blob, replacing what stood there. Unsafe names are made safe, never followed.
   * @param contentType image/jpeg, for trees that are served over HTTP
   * @throws BlobNotFoundError; what stood there stays
   */
  place(blob: BlobId, path: LibraryPath, contentType: string): Promise<void>;
  /** Removing what is not there succeeds; folders left empty go too. */
  remove(path: LibraryPath): Promise<void>;
  /** Where links to images are published: puts a compressed image there, under its id, whatever folder it is in. */
  publish(blob: BlobId, imageId: string): Promise<void>;
  unpublish(imageId: string): Promise<void>;
}

/** Where no tree is kept. */
export const noLibraryTree: LibraryTree = {
  place: async () => {},
  remove: async () => {},
  publish: async () => {},
  unpublish: async () => {},
};

/** The same in several places. */
export function combineLibraryTrees(trees: LibraryTree[]): LibraryTree {
  const inAll = async (change: (tree: LibraryTree) => Promise<void>) => {
    await Promise.all(trees.map(change));
  };
  return {
    place: (blob, path, contentType) => inAll((tree) => tree.place(blob, path, contentType)),
    remove: (path) => inAll((tree) => tree.remove(path)),
    publish: (blob, imageId) => inAll((tree) => tree.publish(blob, imageId)),
    unpublish: (imageId) => inAll((tree) => tree.unpublish(imageId)),
  };
}
