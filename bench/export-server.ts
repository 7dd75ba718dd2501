/**
 * The gateway of bench/export.ts in a process of its own: `node bench/export-server.ts IMAGES BYTES_EACH`. The catalogue is
 * SQLite; the blob store makes its bytes up. Tells its parent { url, token } once it listens, and ends when the parent
 * goes away.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { extractResult, newImage, outboxEntry } from '@image-organizer/testing/builders';
import { serveGateway } from './support/serve-gateway.ts';

const [images, bytesEach] = process.argv.slice(2).map(Number) as [number, number];
const owner = randomUUID();
const directory = mkdtempSync(join(import.meta.dirname, 'results', 'export-'));
process.once('exit', () => rmSync(directory, { recursive: true }));
process.once('disconnect', () => process.exit());

const filler = randomBytes(64 * 1024);
function* bytes() {
  for (let left = bytesEach; left > 0; left -= filler.length) yield filler.subarray(0, left);
}
const blobs = {
  open: async () => Readable.from(bytes(), { objectMode: false }),
  waitingFor: () => [],
} as unknown as BlobStore;

const catalog = createSqliteCatalog({ path: join(directory, 'catalog.sqlite') });
const text = 'words of a letter '.repeat(110); // 2 kB, as a page has
for (let number = 0; number < images; number++) {
  const now = new Date();
  const image = newImage({ ownerId: owner, filename: `${number}.jpg`, size: bytesEach, uploadedAt: now });
  await catalog.acceptImage(image, outboxEntry());
  const stage = { imageId: image.id, stage: 'extract' as const };
  const claimed = await catalog.claimStage({
    ...stage,
    ownerId: owner,
    owner: 'bench',
    now,
    leaseMs: 60_000,
  });
  if (claimed.kind !== 'claimed') throw new Error(`the stage is ${claimed.kind}`);
  const completion = { result: extractResult({ text }), durationMs: 1, now, event: null };
  await catalog.completeStage({ ...stage, epoch: claimed.epoch }, completion);
}

process.send!(await serveGateway({ blobs, catalog }, { maxUploadBytes: 1e9, ownerId: owner }));
