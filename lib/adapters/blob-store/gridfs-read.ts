import { Readable } from 'node:stream';
import type { ByteRange } from './blob-store.ts';
import type { GridFsLayout, Pointer } from './gridfs-layout.ts';
import type { Retry } from './gridfs-retry.ts';

/** Chunks asked for at a time: 2 MB, and the next 2 MB are on their way while a reader takes these. */
const batchChunks = 8;

export class BlobChangedError extends Error {
  override name = 'BlobChangedError';
  constructor({ _id, fileId }: Pointer) {
    super(
      `blob ${_id} was replaced or deleted while it was read (chunks of file ${fileId.toHexString()} are missing)`,
    );
  }
}

/**
 * The bytes of one version, or a range of them. Asks for a few chunks at a time instead of keeping a cursor: a slow reader
 * holds nothing on the server and outlives its restart.
 * @returns once the first bytes are here
 * @throws BlobChangedError, also later from the stream, when the version is gone
 */
export async function openVersion(
  layout: GridFsLayout,
  retry: Retry,
  pointer: Pointer,
  range?: ByteRange,
): Promise<Readable> {
  const start = Math.max(range?.start ?? 0, 0);
  const end = Math.min(range?.end ?? Infinity, pointer.size - 1);
  if (start > end) return Readable.from([]);
  const lastChunk = Math.floor(end / pointer.chunkSize);
  const load = (first: number) => {
    const last = Math.min(first + batchChunks - 1, lastChunk);
    const loading = retry(() => loadChunks(layout, pointer, first, last));
    loading.catch(() => {}); // a reader that stops early never asks how it went
    return loading;
  };
  const first = Math.floor(start / pointer.chunkSize);
  const begun = load(first);
  await begun;
  return Readable.from(bytes(), { objectMode: false });

  async function* bytes(): AsyncGenerator<Buffer> {
    let next = begun;
    for (let n = first; n <= lastChunk;) {
      const batch = await next;
      if (n + batch.length <= lastChunk) next = load(n + batch.length);
      for (const data of batch) {
        const offset = n++ * pointer.chunkSize;
        yield data.subarray(Math.max(start - offset, 0), end + 1 - offset);
      }
    }
  }
}

async function loadChunks(
  { chunks }: GridFsLayout,
  pointer: Pointer,
  first: number,
  last: number,
): Promise<Buffer[]> {
  const count = last - first + 1;
  // The server finds a whole file faster than a range of its chunks.
  const whole = first === 0 && (last + 1) * pointer.chunkSize >= pointer.size;
  const wanted = whole ? {} : { n: { $gte: first, $lte: last } };
  const found = await chunks
    .find({ files_id: pointer.fileId, ...wanted }, { promoteBuffers: true })
    .project<{ n: number; data: Buffer }>({ _id: 0, n: 1, data: 1 })
    .sort({ n: 1 })
    .toArray();
  const lengthOf = (n: number) => Math.min(pointer.chunkSize, pointer.size - n * pointer.chunkSize);
  const intact = found.every(({ n, data }, index) => n === first + index && data.length === lengthOf(n));
  if (found.length !== count || !intact) throw new BlobChangedError(pointer);
  return found.map(({ data }) => data);
}
