import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Part } from './manifest.ts';

/** Writes one part; memory does not grow with it. @param records its documents or rows, as they stand in the file */
export async function writePart(
  directory: string,
  name: string,
  file: string,
  records: AsyncIterable<Buffer>,
): Promise<Part> {
  const hash = createHash('sha256');
  let [count, bytes] = [0, 0];
  async function* counted() {
    for await (const record of records) {
      hash.update(record);
      count += 1;
      bytes += record.length;
      yield record;
    }
  }
  const path = join(directory, file);
  await pipeline(
    Readable.from(counted()),
    createGzip({ level: 1 }),
    createWriteStream(path, { mode: 0o600 }),
  );
  const written = await open(path);
  await written.sync().finally(() => written.close());
  return { name, file, count, bytes, sha256: hash.digest('hex') };
}

/** The part's content, in pieces of any size. */
export async function* readPart(directory: string, { file }: Part): AsyncGenerator<Buffer> {
  const content = createReadStream(join(directory, file));
  const gunzip = createGunzip();
  content.on('error', (error) => gunzip.destroy(error));
  yield* content.pipe(gunzip);
}

/** @throws Error when the file is not what the manifest says, to its last byte */
export async function verifyPart(directory: string, part: Part): Promise<void> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(join(directory, part.file)), createGunzip(), hash);
  } catch (cause) {
    throw new Error(`${part.file} of the backup cannot be read`, { cause });
  }
  if (hash.digest('hex') !== part.sha256) throw new Error(`${part.file} of the backup is damaged`);
}
