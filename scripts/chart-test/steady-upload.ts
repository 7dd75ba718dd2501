/**
 * Uploads two small images every half second, as a client with an Idempotency-Key does, until SIGTERM; then waits for
 * every batch and looks at the stores with the oracle of e2e/faults. Prints what it found as JSON; exit code 1 when
 * something is amiss.
 *
 *   URL=http://127.0.0.1:8080 MONGO_URL=mongodb://… EMAIL=… PASSWORD=… node scripts/chart-test/steady-upload.ts
 *
 * Connections may break at any time (pods are replaced, port-forwards end): everything is tried again.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { createGridFsBlobStore } from '@image-organizer/adapters/blob-store/gridfs';
import { createMongoCatalog } from '@image-organizer/adapters/catalog/mongo';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { silentLog } from '@image-organizer/platform/log';
import { sendUntilAccepted, type Upload } from '../../e2e/faults/support/load.ts';
import { tinyImages } from '../../e2e/faults/support/tiny-images.ts';
import { login, type Client } from '../../e2e/support/client.ts';
import { inspectStores, nothingAmiss } from '../../e2e/support/oracle.ts';

const { URL: url = '', MONGO_URL: mongoUrl = '', EMAIL: email = '', PASSWORD: password = '' } = process.env;
const uploads: Upload[] = [];
let stopping = false;
process.once('SIGTERM', () => (stopping = true));

let session: Promise<Client> | undefined;
/** One session of nine minutes at a time: access tokens live for ten. */
const client = () => (session ??= login(url, { email, password }));
const renewal = setInterval(() => (session = undefined), 540_000);

/** Tries until it works. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      session = undefined;
      await delay(500);
    }
  }
}

let slowest = 0;
while (!stopping) {
  const upload: Upload = { key: randomUUID(), files: await tinyImages(2) };
  uploads.push(upload);
  const began = performance.now();
  await again(() => sendUntilAccepted(client, upload));
  slowest = Math.max(slowest, performance.now() - began);
  await delay(500);
}

const batchIds = [...new Set(uploads.map(({ batchId }) => batchId!))];
for (const batchId of batchIds) await again(async () => (await client()).completed(batchId));

const expected = { ...nothingAmiss, unsent: 0 };
/** Blobs of lost attempts are deleted by the sweeper in its own time. */
const patienceMs = 180_000;
const giveUpAt = performance.now() + patienceMs;
const found = await again(async () => {
  const seen = await look();
  if (!isDeepStrictEqual(seen.amiss, expected) && performance.now() < giveUpAt) throw new Error('not yet');
  return seen;
});
clearInterval(renewal);

const failed = found.images.filter(({ status }) => status !== 'organized').length;
const isRight = failed === 0 && isDeepStrictEqual(found.amiss, expected);
console.log(
  JSON.stringify({
    uploads: uploads.length,
    images: found.images.length,
    slowestAcceptedMs: Math.round(slowest),
    failed,
    ...found.amiss,
  }),
);
process.exit(isRight ? 0 : 1);

/** The oracle, on a connection of its own. */
async function look() {
  const connection = connectMongo({ url: mongoUrl, log: silentLog() });
  const catalog = createMongoCatalog({ connection });
  try {
    const blobs = createGridFsBlobStore({ connection });
    const imageIds = uploads.flatMap((upload) => upload.imageIds!);
    const { images, ...amiss } = await inspectStores({ catalog, blobs }, imageIds);
    const [now, limit] = [new Date(8.64e15), 1_000];
    const unsent = (await catalog.batchesWithoutDelivery({ now, idleSince: now, limit })).length;
    return { images, amiss: { ...amiss, unsent } };
  } finally {
    await connection.close();
  }
}
