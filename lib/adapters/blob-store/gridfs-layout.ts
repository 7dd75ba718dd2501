import { ObjectId, type Collection, type CollectionOptions } from 'mongodb';
import type { Clock } from '@image-organizer/platform/clock';
import type { MongoConnection } from '../mongo/connection.ts';
import type { BlobId } from './blob-store.ts';

/** Bytes in every chunk but the last: what GridFS takes by default. */
export const chunkSize = 255 * 1024;

/** The version of a blob that counts. */
export interface Pointer {
  _id: BlobId;
  fileId: ObjectId;
  size: number;
  sha256: string;
  chunkSize: number;
  storedAt: Date;
}

export interface Chunk {
  _id: ObjectId;
  files_id: ObjectId;
  n: number;
  data: Buffer;
}

/** As the GridFS specification has it. */
export interface FileEntry {
  _id: ObjectId;
  length: number;
  chunkSize: number;
  uploadDate: Date;
  filename: BlobId;
  metadata: { sha256: string };
}

/**
 * Where a GridFS blob store keeps what:
 *
 * - `<bucket>.chunks`, `<bucket>.files`  a GridFS file per attempt to put, under an id that nobody else has
 * - `<bucket>.blobs`                     which file an id has: the truth about which ids exist
 *
 * A file without a pointer is one that is being written, or worthless. So a put becomes visible, whole, by one write of
 * one document, and two puts of one id never touch each other's bytes. Every GridFS tool can read the files.
 */
export interface GridFsLayout {
  chunks: Collection<Chunk>;
  files: Collection<FileEntry>;
  pointers: Collection<Pointer>;
}

/** What was read or written may never be taken back by a failover, and is never older than our own last write. */
const durable: CollectionOptions = {
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
};

/** Gives the collections once the server has the chunks' index, and asks again when that failed. */
export function createGridFsLayout(
  connection: MongoConnection,
  bucketName: string,
): () => Promise<GridFsLayout> {
  let opened: Promise<GridFsLayout> | undefined;
  async function open(): Promise<GridFsLayout> {
    const database = await connection.database();
    const chunks = database.collection<Chunk>(`${bucketName}.chunks`, durable);
    await chunks.createIndex({ files_id: 1, n: 1 }, { unique: true });
    return {
      chunks,
      files: database.collection<FileEntry>(`${bucketName}.files`, durable),
      pointers: database.collection<Pointer>(`${bucketName}.blobs`, durable),
    };
  }
  return () =>
    (opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    }));
}

/** An id that nobody else has, and that says when it was made. */
export const newFileId = (clock: Clock): ObjectId =>
  new ObjectId(ObjectId.generate(Math.floor(clock.now().getTime() / 1000)));

/** @throws TypeError when it is no blob id */
export function assertBlobId(id: BlobId): void {
  if (!/^[A-Za-z0-9._-]{1,200}$/.test(id))
    throw new TypeError(`not a blob id: ${JSON.stringify(id.slice(0, 80))}`);
}
