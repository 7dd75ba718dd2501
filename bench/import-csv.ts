/**
 * Sends CSVs of 10 and of 100,000 rows to a gateway in a process of its own, with a SQLite catalogue: peak memory of
 * each, and seconds. Once with node's own heap, which grows while there is room, and once with one of 48 MB, which shows
 * what is needed.
 *
 *   node bench/import-csv.ts [rows] [rows]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { peakResidentBytes, residentBytes } from './support/memory.ts';
import { table, writeResult } from './support/report.ts';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 100_000];

function* csvOf(rows: number) {
  yield 'Serial Number,Product Name,Input Image Urls\n';
  const url = (row: number, view: string) => `https://images.example.org/products/${row}/${view}.jpg`;
  for (let row = 1; row <= rows; row++)
    yield `${row},"Product, number ${row}","${url(row, 'front')},${url(row, 'back')}"\n`;
}

const heaps = { 'as it is': [], '48 MB': ['--max-old-space-size=48', '--max-semi-space-size=2'] };

async function measure(heap: keyof typeof heaps, rows: number) {
  const server = fork(join(import.meta.dirname, 'import-csv-server.ts'), [], { execArgv: heaps[heap] });
  const [{ url, token }] = (await once(server, 'message')) as [{ url: string; token: string }];
  const ask = async (path: string, method: string, body: Readable): Promise<IncomingMessage> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' };
    const sent = request(`${url}${path}`, { method, headers });
    const answered = once(sent, 'response');
    await pipeline(body, sent);
    return (await answered)[0] as IncomingMessage;
  };
  const idle = residentBytes(server.pid!);
  const begun = performance.now();
  const answer = await ask(
    '/api/imports?notify=false',
    'POST',
    Readable.from(csvOf(rows), { objectMode: false }),
  );
  const view = (await json(answer)) as { id: string; rows: { total: number } };
  if (view.rows?.total !== rows) throw new Error(`the import was answered with ${JSON.stringify(view)}`);
  const seconds = (performance.now() - begun) / 1000;
  const peak = peakResidentBytes(server.pid!);

  const output = await ask(`/api/imports/${view.id}/output.csv`, 'GET', Readable.from([]));
  let written = 0;
  for await (const chunk of output as AsyncIterable<Buffer>) written += chunk.length;
  const outputPeak = peakResidentBytes(server.pid!);
  const ended = once(server, 'exit');
  server.disconnect();
  await ended;
  const [idleMB, peakMB, outputPeakMB] = [idle, peak, outputPeak].map((bytes) => bytes / 1e6);
  return { heap, rows, idleMB, peakMB, outputPeakMB, seconds, outputMB: written / 1e6 };
}

const results = [];
for (const heap of ['as it is', '48 MB'] as const)
  for (const rows of sizes) results.push(await measure(heap, rows));
table([
  ['heap', 'rows', 'idle MB', 'peak MB, sent', 'peak MB, with output.csv', 's', 'output.csv MB'],
  ...results.map(({ heap, rows, idleMB, peakMB, outputPeakMB, seconds, outputMB }) => [
    heap,
    String(rows),
    ...[idleMB!, peakMB!, outputPeakMB!].map((value) => value.toFixed(0)),
    seconds.toFixed(1),
    outputMB.toFixed(1),
  ]),
]);
writeResult('import-csv', { results });
