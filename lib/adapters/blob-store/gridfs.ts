import { addAbortSignal, type Readable } from 'node:stream';
import type { ObjectId } from 'mongodb';
import { systemClock, type Clock } from '@image-organizer/platform/clock';
import { MongoUnavailableError, type MongoConnection } from '../mongo/connection.ts';
import {
  BlobNotFoundError,
  type BlobId,
  type BlobStore,
  type ByteRange,
  type StoredBlob,
} from './blob-store.ts';
import { assertBlobId, chunkSize, createGridFsLayout, newFileId, type Pointer } from './gridfs-layout.ts';
import { BlobChangedError, openVersion } from './gridfs-read.ts';
import { createAbandonedScan, longestPutMs, removeFiles } from './gridfs-remove.ts';
import { createRetry, isDuplicate } from './gridfs-retry.ts';
import { writeFile } from './gridfs-write.ts';

export type GridFsBlobStore = Required<BlobStore>;

const storedBlob = ({ _id, size, sha256 }: Pointer): StoredBlob => ({ id: _id, size, sha256 });

/**
 * Blobs in MongoDB (gridfs-layout.ts): every put writes a file of its own, then points the id to it. Any number of
 * processes may use a bucket. Every method but `close` waits 5 to 10 s for a server that is away, then rejects with
 * MongoUnavailableError. The connection is the caller's to close.
 */
export function createGridFsBlobStore({
  connection,
  bucketName = 'images',
  clock = systemClock,
}: {
  connection: MongoConnection;
  bucketName?: string;
  clock?: Clock;
}): GridFsBlobStore {
  const openLayout = createGridFsLayout(connection, bucketName);
  const retry = createRetry(connection);
  const layoutNow = () => retry(openLayout);
  const scanAbandoned = createAbandonedScan(clock);

  async function pointerOf(id: BlobId): Promise<Pointer | null> {
    assertBlobId(id);
    const { pointers } = await layoutNow();
    return retry(() => pointers.findOne({ _id: id }));
  }
  async function existing(id: BlobId): Promise<Pointer> {
    const pointer = await pointerOf(id);
    if (!pointer) throw new BlobNotFoundError(id);
    return pointer;
  }

  /** What stays because the server is away is found by `removeAbandoned`. */
  const tryToRemove = async (fileId: ObjectId) =>
    removeFiles(await layoutNow(), retry, [fileId]).catch(() => {});

  /** Writes a new version that nobody sees yet. */
  async function writeVersion(id: BlobId, source: Readable, signal?: AbortSignal): Promise<Pointer> {
    const fileId = newFileId(clock);
    const latest = clock.now().getTime() + longestPutMs;
    try {
      const written = await writeFile(await layoutNow(), retry, { fileId, id, clock, source });
      signal?.throwIfAborted();
      const storedAt = clock.now();
      if (storedAt.getTime() > latest) throw new Error(`blob ${id} took longer than an hour to arrive`);
      return { _id: id, fileId, ...written, chunkSize, storedAt };
    } catch (error) {
      if (!(error instanceof MongoUnavailableError)) await tryToRemove(fileId);
      throw error;
    }
  }

  /**
   * Makes a version the one that counts. Whether an error means that nothing was written is only known by reading back:
   * therefore the file stays until then, and until the scan if the pointer may still come.
   * @returns the version that it replaced
   */
  async function show(pointer: Pointer): Promise<Pointer | null> {
    const { _id, fileId } = pointer;
    const { pointers } = await layoutNow();
    try {
      return await pointers.findOneAndReplace({ _id }, pointer, { upsert: true, returnDocument: 'before' });
    } catch (error) {
      if (isDuplicate(error)) return show(pointer); // two upserts at once: one of them is told to try again
      if ((await pointerOf(_id))?.fileId.equals(fileId)) return null;
      throw error;
    }
  }

  async function put(
    id: BlobId,
    source: Readable,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<StoredBlob> {
    source.once('error', () => {}); // an error that comes early is kept by the stream and thrown where it is read
    try {
      assertBlobId(id);
      if (signal) addAbortSignal(signal, source);
      const pointer = await writeVersion(id, source, signal);
      const replaced = await show(pointer);
      if (replaced) await tryToRemove(replaced.fileId);
      return storedBlob(pointer);
    } catch (error) {
      source.destroy();
      throw error;
    }
  }

  /** A blob that is replaced between the look at its pointer and the first byte is looked up again. */
  async function open(id: BlobId, range?: ByteRange): Promise<Readable> {
    const pointer = await existing(id);
    try {
      return await openVersion(await layoutNow(), retry, pointer, range);
    } catch (error) {
      const unchanged = (await existing(id)).fileId.equals(pointer.fileId);
      if (unchanged || !(error instanceof BlobChangedError)) throw error;
      return open(id, range);
    }
  }

  return {
    put,
    stat: async (id) => storedBlob(await existing(id)),
    open,
    // Through this process: each file keeps one pointer, so that nobody has to count them before it removes one.
    copy: async (from, to) => put(to, await open(from)),
    async delete(id) {
      assertBlobId(id);
      const { pointers } = await layoutNow();
      const deleted = await retry(() => pointers.findOneAndDelete({ _id: id }));
      if (deleted) await tryToRemove(deleted.fileId);
    },
    async list({ after = '', limit }) {
      const { pointers } = await layoutNow();
      const inOrder = () => pointers.find({ _id: { $gt: after } }, { sort: { _id: 1 }, limit }).toArray();
      return (await retry(inOrder)).map(({ _id, storedAt }) => ({ id: _id, storedAt }));
    },
    removeAbandoned: async () => scanAbandoned(await layoutNow(), retry),
    waitingFor: () => connection.waitingFor(),
    close: async () => {},
  };
}
