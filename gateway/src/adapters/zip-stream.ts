import type { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ExportedFile } from '../domain/export-images.ts';

/** From here on a file's sizes need ZIP64, which has to be said before its bytes. */
const zip64Bytes = 0xffff_fffe;

/**
 * A ZIP as it is read: the next file is asked for when the one before was taken. Destroying it, or a file that fails,
 * ends the iteration, which closes what is open.
 */
export function zipStream(files: AsyncIterable<ExportedFile>): PassThrough {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  const closed = new AbortController();
  output.once('close', () => closed.abort());
  zip.once('error', (error: Error) => output.destroy(error));
  fill(zip, files, closed.signal).catch((error: Error) => output.destroy(error));
  return output;
}

async function fill(zip: ZipFile, files: AsyncIterable<ExportedFile>, signal: AbortSignal): Promise<void> {
  for await (const file of files) {
    const { name, bytes } = file;
    try {
      signal.throwIfAborted();
      zip.addReadStreamLazy(name, optionsOf(file), oneTime(bytes));
      await finished(bytes, { signal });
    } finally {
      bytes.destroy();
    }
  }
  zip.end();
}

const optionsOf = ({ modifiedAt, size, compressible }: ExportedFile) => ({
  mtime: modifiedAt,
  compress: compressible,
  forceZip64Format: size >= zip64Bytes,
});

/** yazl keeps what it is given until its end: this lets go of the stream. */
function oneTime(bytes: Readable) {
  let kept: Readable | undefined = bytes;
  return (take: (error: unknown, bytes: NodeJS.ReadableStream) => void) => {
    const given = kept!;
    kept = undefined;
    take(null, given);
  };
}
