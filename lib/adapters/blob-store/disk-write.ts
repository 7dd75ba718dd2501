import { open, type FileHandle } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { sha256 } from './disk-layout.ts';

export interface WrittenFile {
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * Writes the whole stream to a new read-only file, hashing on the way, and waits until the bytes would survive a power
 * cut. Rejects when the source errors or is destroyed before its end, when `signal` aborts, or when the disk refuses;
 * source and file are the caller's to clear away then.
 */
export async function writeNewFile(
  path: string,
  source: Readable,
  signal?: AbortSignal,
): Promise<WrittenFile> {
  // An error that comes while the file is being opened is kept by the stream and thrown by the loop below.
  source.once('error', () => {});
  if (signal) addAbortSignal(signal, source);
  const file = await open(path, 'wx', 0o444);
  try {
    const written = await writeAll(file, source);
    await file.sync();
    signal?.throwIfAborted();
    return written;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, source: Readable): Promise<WrittenFile> {
  const hash = sha256();
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    hash.update(bytes);
    size += bytes.length;
    await file.appendFile(bytes);
  }
  return { size, sha256: hash.digest('hex') };
}
