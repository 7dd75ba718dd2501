/**
 * Seconds from the start of the process to ready, and its resident memory before the first image: the first start, which
 * makes keys and databases, and the starts after it.
 *
 *   npm run bench:start
 */
import { setTimeout as delay } from 'node:timers/promises';
import { removeData, startServer } from '../e2e/support/server-process.ts';
import { residentBytes } from './support/memory.ts';
import { median, table, writeResult } from './support/report.ts';

async function startOnce(dataDirectory?: string) {
  const began = performance.now();
  const server = await startServer({
    ...(dataDirectory ? { dataDirectory } : {}),
    env: { BCRYPT_COST: '12' },
  });
  const seconds = (performance.now() - began) / 1000;
  await delay(2_000); // idle
  const megabytes = residentBytes(server.child.pid!) / 1e6;
  await server.stop();
  return { seconds, megabytes, dataDirectory: server.dataDirectory };
}

const first = await startOnce();
const later = [];
for (let n = 0; n < 5; n++) later.push(await startOnce(first.dataDirectory));
await removeData(first);

const result = {
  firstStartSeconds: first.seconds,
  startSeconds: median(later.map(({ seconds }) => seconds)),
  idleMegabytes: median(later.map(({ megabytes }) => megabytes)),
};
table([
  ['first start to ready', `${result.firstStartSeconds.toFixed(2)} s`],
  ['later starts to ready, median of 5', `${result.startSeconds.toFixed(2)} s`],
  ['idle memory (RSS) before the first image', `${result.idleMegabytes.toFixed(0)} MB`],
]);
writeResult('start', result);
