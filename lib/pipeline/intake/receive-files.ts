import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { BlobStore, StoredBlob } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import { messageOf } from '@image-organizer/platform/errors';
import { limitConcurrency } from '@image-organizer/platform/limit-concurrency';
import type { Log } from '@image-organizer/platform/log';
import { Readable } from 'node:stream';
import { cleanFilename } from './clean-filename.ts';
import { recogniseImage, signatureBytes, type Recognised } from './recognise-image.ts';
import { tooLarge, type Refusal, type RefusedFile } from './refusal.ts';
import { StorageUnavailableError } from './storage-unavailable.ts';

/** A file's bytes as they arrive. `truncated`: it was longer than allowed, and what is beyond was not passed on. */
export type IncomingFile = Readable & { truncated?: boolean };

export interface StoredFile {
  imageId: string;
  filename: string;
  contentType: string;
  /** Bytes. */
  size: number;
  sha256: string;
}

/** In the order of the request. */
export type ReceivedFile = { stored: StoredFile } | { refused: RefusedFile };

export interface ReceiveOptions {
  blobs: BlobStore;
  catalog: Catalog;
  clock: Clock;
  log: Log;
  newId: () => string;
  ownerId: string;
  maxBytes: number;
  graceSeconds: number;
  /** What is taken, by a file's first bytes; missing: images. */
  recognise?: (head: Buffer) => Recognised;
}

/** The files of one request: each goes into the blob store as it arrives, and all go away that no image comes of. */
export interface FileReceiver {
  /**
   * Takes the next file. `source` is always read to its end: a parser waits for that.
   * @throws StorageUnavailableError; whatever `source` fails with
   */
  receive(filename: string, source: IncomingFile): Promise<void>;
  readonly files: ReceivedFile[];
  /**
   * Ends what is still being stored, then deletes the bytes of every file that no image has. Never throws.
   * @param accepted ids that are known to be images now
   */
  discardUnused(accepted?: string[]): Promise<void>;
}

/** Small files of one request arrive faster than they are stored; each that is being stored holds an open file. */
const storedAtOnce = 8;

export function createFileReceiver(options: ReceiveOptions): FileReceiver {
  const { blobs, catalog, clock, log, maxBytes, recognise = recogniseImage } = options;
  const slots: (ReceivedFile | undefined)[] = [];
  const opened = new Set<string>();
  const inFlight = new Set<Promise<unknown>>();
  const abort = new AbortController();
  const inTurn = limitConcurrency(storedAtOnce);

  async function take(filename: string, source: IncomingFile): Promise<ReceivedFile> {
    const chunks = source.iterator({ destroyOnReturn: false }); // the parser would wait for a destroyed file for ever
    try {
      const head = await readHead(chunks);
      const recognised = recognise(head);
      if ('refusal' in recognised) return refuse(filename, recognised.refusal);
      const imageId = await open();
      const stored = await store(imageId, bytesOf(head, chunks, source));
      if (stored === 'too-large') return refuse(filename, tooLarge(maxBytes));
      const { size, sha256 } = stored;
      return { stored: { imageId, filename, contentType: recognised.contentType, size, sha256 } };
    } catch (error) {
      throw source.errored ?? new StorageUnavailableError(error);
    } finally {
      await chunks.return?.();
      source.resume();
    }
  }

  async function open(): Promise<string> {
    abort.signal.throwIfAborted();
    const imageId = options.newId();
    const expiresAt = new Date(clock.now().getTime() + options.graceSeconds * 1000);
    opened.add(imageId);
    await catalog.openUpload({ imageId, ownerId: options.ownerId, expiresAt });
    crashPoint('upload:intent-recorded');
    return imageId;
  }

  async function store(imageId: string, bytes: Readable): Promise<StoredBlob | 'too-large'> {
    try {
      const stored = await blobs.put(originalBlobId(imageId), bytes, { signal: abort.signal });
      crashPoint('upload:bytes-stored');
      return stored;
    } catch (error) {
      if (!(bytes.errored instanceof TruncatedFileError)) throw error;
      await discard(imageId);
      return 'too-large';
    }
  }

  async function discard(imageId: string) {
    await blobs.delete(originalBlobId(imageId));
    await catalog.closeUpload(imageId);
    opened.delete(imageId);
  }

  return {
    get files() {
      return slots.filter((slot) => slot !== undefined);
    },
    async receive(filename, source) {
      const position = slots.push(undefined) - 1;
      const taken = inTurn(() => take(cleanFilename(filename), source));
      inFlight.add(taken);
      slots[position] = await taken.finally(() => inFlight.delete(taken));
    },
    async discardUnused(accepted = []) {
      abort.abort();
      await Promise.allSettled(inFlight);
      for (const imageId of accepted) opened.delete(imageId);
      if (opened.size === 0) return;
      try {
        // Asked, not remembered: a write that failed may have been done all the same, and its image needs its bytes.
        const used = new Set((await catalog.findImages([...opened])).map(({ id }) => id));
        for (const imageId of [...opened].filter((id) => !used.has(id))) await discard(imageId);
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'bytes of an upload are left to the sweeper');
      }
    },
  };
}

class TruncatedFileError extends Error {}

const refuse = (filename: string, refusal: Refusal): ReceivedFile => ({ refused: { filename, ...refusal } });

async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const head: Buffer[] = [];
  for (let length = 0; length < signatureBytes; length += head.at(-1)!.length) {
    const next = await chunks.next();
    if (next.done) break;
    head.push(next.value);
  }
  return Buffer.concat(head);
}

/** The whole file once more, failing at its end when it was longer than allowed. */
function bytesOf(head: Buffer, rest: AsyncIterator<Buffer>, source: IncomingFile): Readable {
  async function* whole() {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
    if (source.truncated) throw new TruncatedFileError('longer than allowed');
  }
  return Readable.from(whole(), { objectMode: false });
}
