import type { Readable } from 'node:stream';

/** `[A-Za-z0-9._-]{1,200}`; see blob-ids.ts for the ids of images. */
export type BlobId = string;

export interface StoredBlob {
  id: BlobId;
  /** Bytes. */
  size: number;
  /** Of the bytes, lower-case hex. */
  sha256: string;
}

/** Both ends inclusive, as in RFC 9110 §14. */
export interface ByteRange {
  start: number;
  end: number;
}

export class BlobNotFoundError extends Error {
  override name = 'BlobNotFoundError';
  constructor(id: BlobId) {
    super(`there is no blob ${id}`);
  }
}

/**
 * Bytes kept under an id. Adapters: disk, gridfs. `describeBlobStore` (lib/testing) is the specification.
 * Memory does not grow with the size of a blob.
 */
export interface BlobStore {
  /**
   * Streams `source` under `id`, replacing what was there. Resolves once the bytes would survive a power cut. When the
   * source errors, is destroyed early or `signal` aborts: rejects, and leaves what was there before (or nothing).
   */
  put(id: BlobId, source: Readable, options?: { signal?: AbortSignal }): Promise<StoredBlob>;
  /** Size and hash without the bytes. @throws BlobNotFoundError */
  stat(id: BlobId): Promise<StoredBlob>;
  /**
   * The bytes, or a range of them (clamped to the size). A reader that is destroyed early releases what it held.
   * @throws BlobNotFoundError before the first byte
   */
  open(id: BlobId, range?: ByteRange): Promise<Readable>;
  /** Makes `to` hold the same bytes as `from`, replacing what was there. @throws BlobNotFoundError */
  copy(from: BlobId, to: BlobId): Promise<StoredBlob>;
  /** Deleting what is not there succeeds: deletes are retried. */
  delete(id: BlobId): Promise<void>;
  /**
   * Ids in ascending order, those after `after`, at most `limit`; for the janitor's scan.
   * @returns `storedAt` too, so that young blobs whose catalogue entry is still to come are left alone
   */
  list(options: { after?: BlobId; limit: number }): Promise<{ id: BlobId; storedAt: Date }[]>;
  /**
   * Removes a bounded part of what processes left that died in a put or a delete; the sweeper calls it again and again. An
   * adapter that has none of this, or sees to it when it starts, leaves it out.
   * @returns how many it removed
   */
  removeAbandoned?(): Promise<number>;
  /** What it waits for, in words; empty when it works. */
  waitingFor(): string[];
  close(): Promise<void>;
}
