/**
 * Exports everything of one owner as a ZIP over loopback: resident memory of the gateway at a tenth of the bytes, its
 * peak, MB/s.
 *
 *   node bench/export.ts [bytes] [images] [file to write the ZIP to]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { peakResidentBytes, residentBytes } from './support/memory.ts';
import { table, writeResult } from './support/report.ts';

const [totalBytes = 5e9, images = 2_500] = process.argv.slice(2, 4).map(Number);
const file = process.argv[4];

mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
const server = fork(join(import.meta.dirname, 'export-server.ts'), [
  String(images),
  String(Math.ceil(totalBytes / images)),
]);
const [{ url, token }] = (await once(server, 'message')) as [{ url: string; token: string }];
const resident = () => residentBytes(server.pid!) / 1e6;

const sent = get(`${url}/api/folders/export.zip`, { headers: { Authorization: `Bearer ${token}` } });
const idleMB = resident();
const begun = performance.now();
const [answer] = (await once(sent, 'response')) as [IncomingMessage];
if (answer.statusCode !== 200) throw new Error(`the export was answered with ${answer.statusCode}`);
let received = 0;
let tenthMB: number | undefined;
answer.on('data', (chunk: Buffer) => {
  received += chunk.length;
  if (received > totalBytes / 10) tenthMB ??= resident();
});
const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
await pipeline(answer, file === undefined ? nowhere : createWriteStream(file));
const seconds = (performance.now() - begun) / 1000;
const peakMB = peakResidentBytes(server.pid!) / 1e6;
const ended = once(server, 'exit');
server.disconnect();
await ended;

const result = {
  totalBytes,
  images,
  received,
  idleMB,
  tenthMB,
  peakMB,
  megabytesPerSecond: received / 1e6 / seconds,
};
table([
  ['ZIP, GB', 'images', 'idle MB', 'at 10 % MB', 'peak MB', 'MB/s'],
  [
    (received / 1e9).toFixed(2),
    String(images),
    ...[idleMB, tenthMB!, peakMB, result.megabytesPerSecond].map((value) => value.toFixed(0)),
  ],
]);
writeResult('export', result);
