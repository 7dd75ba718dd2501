/**
 * Uploads over loopback into the gateway (disk blob store, SQLite) beside an express app with multer's memory storage
 * that keeps nothing: peak memory while one big file comes, then requests per second for files of 200 kB.
 *
 *   node bench/upload.ts [bytes of the big file] [small files]
 *
 * Each contender is a fresh process. The gateway hashes, flushes to the disk and records; the other does none of it, so
 * its speed is the ceiling of parsing alone.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { peakResidentBytes, residentBytes } from './support/memory.ts';
import { table, writeResult } from './support/report.ts';

const [bigBytes = 1024 ** 3, smallFiles = 500] = process.argv.slice(2).map(Number);
const smallBytes = 200_000;
const clients = 8;
const jpegSignature = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const filler = randomBytes(64 * 1024);
const boundary = 'bench-boundary';
const head = Buffer.from(
  `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="bench.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
);
const tail = Buffer.from(`\r\n--${boundary}--\r\n`);

interface Contender {
  process: ChildProcess;
  url: string;
  token: string;
}

/** A multipart body around a JPEG's signature and random bytes, different at every call. */
function* bodyOf(bytes: number) {
  const start = Buffer.concat([jpegSignature, randomBytes(16)]);
  yield Buffer.concat([head, start]);
  for (let left = bytes - start.length; left > 0; left -= filler.length) yield filler.subarray(0, left);
  yield tail;
}

async function upload({ url, token }: Contender, bytes: number) {
  const sent = request(`${url}/upload`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': head.length + bytes + tail.length,
    },
  });
  const answered = new Promise<number>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (answer) => void text(answer).then(() => resolve(answer.statusCode!), reject));
  });
  await pipeline(Readable.from(bodyOf(bytes), { objectMode: false }), sent);
  if ((await answered) !== 202) throw new Error(`the upload was answered with ${await answered}`);
}

async function start(name: string): Promise<Contender> {
  const child = fork(join(import.meta.dirname, 'upload-server.ts'), [name]);
  const [told] = (await once(child, 'message')) as [{ url: string; token: string }];
  return { process: child, ...told };
}

async function stop({ process: child }: Contender) {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function measureBig(name: string) {
  const contender = await start(name);
  await upload(contender, smallBytes); // warm, keys fetched
  const idle = residentBytes(contender.process.pid!);
  const took = await seconds(() => upload(contender, bigBytes));
  const peak = peakResidentBytes(contender.process.pid!);
  await stop(contender);
  return { idleMB: idle / 1e6, peakMB: peak / 1e6, megabytesPerSecond: bigBytes / 1e6 / took };
}

async function measureSmall(name: string) {
  const contender = await start(name);
  await Promise.all(Array.from({ length: 20 }, () => upload(contender, smallBytes)));
  let left = smallFiles;
  const client = async () => {
    while (left-- > 0) await upload(contender, smallBytes);
  };
  const took = await seconds(() => Promise.all(Array.from({ length: clients }, client)));
  await stop(contender);
  return { requestsPerSecond: smallFiles / took };
}

mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
const results = [];
for (const name of ['gateway', 'memory']) {
  results.push({ name, ...(await measureBig(name)), ...(await measureSmall(name)) });
}
table([
  [
    '',
    'idle MB',
    `peak MB, ${(bigBytes / 1e9).toFixed(2)} GB file`,
    'MB/s',
    `requests/s, ${smallBytes / 1000} kB`,
  ],
  ...results.map(({ name, idleMB, peakMB, megabytesPerSecond, requestsPerSecond }) => [
    name === 'gateway' ? 'gateway' : "multer's memory storage",
    ...[idleMB, peakMB, megabytesPerSecond, requestsPerSecond].map((value) => value.toFixed(0)),
  ]),
]);
writeResult('upload', { bigBytes, smallBytes, smallFiles, clients, results });
