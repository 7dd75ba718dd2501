import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ObjectId } from 'mongodb';
import type { Clock } from '@image-organizer/platform/clock';
import type { BlobId } from './blob-store.ts';
import { chunkSize, type GridFsLayout } from './gridfs-layout.ts';
import { isDuplicate, type Retry } from './gridfs-retry.ts';

/** Chunks on their way to the server at a time, per blob: they share the server's flushes to disk. */
const parallelInserts = 4;

export interface WrittenFile {
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * Writes the whole stream as a new GridFS file, hashing on the way, and waits until it would survive a power cut.
 * Rejects when the source errors or is destroyed before its end, or when the server refuses or does not answer; no write
 * is on its way any more then, and what was written is the caller's to remove.
 */
export async function writeFile(
  { chunks, files }: GridFsLayout,
  retry: Retry,
  { fileId, id, clock, source }: { fileId: ObjectId; id: BlobId; clock: Clock; source: Readable },
): Promise<WrittenFile> {
  const inserts = createWindow(parallelInserts, (error) => source.destroy(error));
  const insert = (write: () => Promise<unknown>) => inserts.add(() => retry(write).catch(ignoringDuplicate));
  const hash = createHash('sha256');
  let [length, n] = [0, 0];
  try {
    for await (const data of inChunks(source)) {
      hash.update(data);
      length += data.length;
      const chunk = { _id: new ObjectId(), files_id: fileId, n: n++, data };
      await insert(() => chunks.insertOne(chunk));
    }
    const sha256 = hash.digest('hex');
    const entry = { length, chunkSize, uploadDate: clock.now(), filename: id, metadata: { sha256 } };
    await insert(() => files.insertOne({ _id: fileId, ...entry }));
    return { size: length, sha256 };
  } finally {
    await inserts.settled();
  }
}

/** Ids are made here and used once: what has ours already was written by an attempt whose answer was lost. */
function ignoringDuplicate(error: unknown): void {
  if (!isDuplicate(error)) throw error;
}

/** The bytes in pieces of `chunkSize`, the last one shorter. */
async function* inChunks(source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafeSlow(chunkSize);
  let filled = 0;
  for await (const piece of source) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    for (let taken = 0; taken < bytes.length;) {
      const copied = bytes.copy(chunk, filled, taken);
      [taken, filled] = [taken + copied, filled + copied];
      if (filled < chunkSize) continue;
      yield chunk;
      [chunk, filled] = [Buffer.allocUnsafeSlow(chunkSize), 0];
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

/** Runs at most `width` works at a time. `failed` hears of the first error, which `settled` throws. */
function createWindow(width: number, failed: (error: Error) => void) {
  const running = new Set<Promise<void>>();
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    failed(failure);
  };
  return {
    /** Waits for room, not for the work. */
    async add(work: () => Promise<unknown>): Promise<void> {
      while (running.size >= width) await Promise.race(running);
      const run: Promise<void> = work()
        .then(() => {}, fail)
        .finally(() => running.delete(run));
      running.add(run);
    },
    async settled(): Promise<void> {
      await Promise.all(running);
      if (failure) throw failure;
    },
  };
}
