/**
 * Blobs of 1 MB and 20 MB into MongoDB and back, one and four at a time: our blob store beside the driver's own
 * GridFSBucket with the same write concern, in turns on one server.
 *
 *   MONGO_URL=mongodb://127.0.0.1:27017 node bench/gridfs.ts [rounds]
 *
 * The driver's bucket neither hashes nor keeps an earlier version until the new one is whole. Everything goes into a
 * database of its own that is dropped at the end.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGridFsBlobStore } from '@image-organizer/adapters/blob-store/gridfs';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { silentLog } from '@image-organizer/platform/log';
import { GridFSBucket, ObjectId, type Db } from 'mongodb';
import { median, table, writeResult } from './support/report.ts';

const rounds = Number(process.argv[2] ?? 9);
const cases = [1, 20].flatMap((megabytes) => [1, 4].map((parallel) => ({ megabytes, parallel })));
const filler = randomBytes(64 * 1024);

interface Contender {
  /** @returns how to read it and how to remove it */
  upload(source: Readable): Promise<{ download(): Promise<Readable>; remove(): Promise<void> }>;
}

function ours(connection: ReturnType<typeof connectMongo>): Contender {
  const store = createGridFsBlobStore({ connection, bucketName: 'ours' });
  return {
    async upload(source) {
      const { id } = await store.put(randomUUID(), source);
      return { download: () => store.open(id), remove: () => store.delete(id) };
    },
  };
}

function driver(database: Db): Contender {
  const bucket = new GridFSBucket(database, {
    bucketName: 'driver',
    writeConcern: { w: 'majority', journal: true },
  });
  return {
    async upload(source) {
      const id = new ObjectId();
      await pipeline(source, bucket.openUploadStreamWithId(id, 'bench'));
      return { download: async () => bucket.openDownloadStream(id), remove: () => bucket.delete(id) };
    },
  };
}

function* bytesOf(total: number) {
  for (let left = total; left > 0; left -= filler.length) yield filler.subarray(0, left);
}
const sourceOf = (bytes: number) => Readable.from(bytesOf(bytes), { objectMode: false });
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/** @returns MB/s of all the work together */
async function speed<Result>(totalMegabytes: number, works: (() => Promise<Result>)[]) {
  const begun = performance.now();
  const results = await Promise.all(works.map((work) => work()));
  return { results, speed: totalMegabytes / ((performance.now() - begun) / 1000) };
}

async function measure(contender: Contender, { megabytes, parallel }: (typeof cases)[number]) {
  const all = Array.from({ length: parallel });
  const total = megabytes * parallel;
  const up = await speed(
    total,
    all.map(() => () => contender.upload(sourceOf(megabytes * 1e6))),
  );
  const down = await speed(
    total,
    up.results.map((blob) => async () => pipeline(await blob.download(), nowhere())),
  );
  for (const blob of up.results) await blob.remove();
  return { up: up.speed, down: down.speed };
}

async function compare(contenders: Contender[], work: (typeof cases)[number]) {
  const seen = contenders.map(() => [] as { up: number; down: number }[]);
  for (let round = -1; round < rounds; round += 1) {
    const order = contenders.map((_, index) => (index + round + 1) % contenders.length);
    for (const index of order) {
      const measured = await measure(contenders[index]!, work);
      if (round >= 0) seen[index]!.push(measured); // the first round warms up
    }
  }
  return (['up', 'down'] as const).map((direction) => {
    const [our, raw] = seen.map((runs) => median(runs.map((run) => run[direction])));
    return { ...work, direction, oursMBs: our!, driverMBs: raw!, ratio: our! / raw! };
  });
}

const url = new URL(process.env['MONGO_URL'] ?? 'mongodb://127.0.0.1:27017');
url.pathname = '/bench-gridfs';
const connection = connectMongo({ url: url.href, log: silentLog() });
try {
  const database = await connection.database();
  const contenders = [ours(connection), driver(database)];
  const results = [];
  for (const work of cases) results.push(...(await compare(contenders, work)));
  await database.dropDatabase();
  table([
    ['', 'ours MB/s', 'driver MB/s', 'ratio'],
    ...results.map(({ megabytes, parallel, direction, oursMBs, driverMBs, ratio }) => [
      `${direction === 'up' ? 'upload' : 'download'} ${megabytes} MB × ${parallel}`,
      oursMBs.toFixed(1),
      driverMBs.toFixed(1),
      `${(ratio * 100).toFixed(0)} %`,
    ]),
  ]);
  writeResult('gridfs', { rounds, results });
} finally {
  await connection.close();
}
