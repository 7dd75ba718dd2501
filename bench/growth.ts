/**
 * What people ask of a catalogue of 1,000 images and of one of 100,000, in turns: p50 and p95 of each, and how much the
 * p95 grows. SQLite in a temporary folder; where MONGO_URL is set, the MongoDB-wire server in databases of its own,
 * which are dropped at the end.
 *
 *   node bench/growth.ts [large] [calls] [sqlite|mongo]
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { createMongoCatalog } from '@image-organizer/adapters/catalog/mongo';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { percentile } from '@image-organizer/adapters/catalog/timings';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { silentLog } from '@image-organizer/platform/log';
import { addFolders, fillMongo, fillSqlite } from './support/growth-fill.ts';
import { growthImages, newFacts, type Facts } from './support/growth-images.ts';
import { questions, type Ask } from './support/growth-questions.ts';
import { table, writeResult } from './support/report.ts';
import { seconds } from './support/time.ts';

const small = 1_000;
const large = Number(process.argv[2] ?? 100_000);
const calls = Number(process.argv[3] ?? 200);
const only = process.argv[4];

/** FerretDB reads all there is to sort it: half a minute of 100,000 images, each time. MongoDB has an index for it. */
const sortedByServer = 'list by name';

interface Filled {
  catalog: Catalog;
  facts: Facts;
  dispose(): Promise<void>;
}

async function onSqlite(count: number): Promise<Filled> {
  const folder = mkdtempSync(join(tmpdir(), 'growth-'));
  const path = join(folder, 'catalog.sqlite');
  const facts = newFacts(randomUUID());
  await fillSqlite(path, growthImages(count, facts));
  const catalog = createSqliteCatalog({ path });
  const dispose = async () => {
    await catalog.close();
    rmSync(folder, { recursive: true });
  };
  return { catalog, facts, dispose };
}

async function onMongo(count: number): Promise<Filled> {
  const url = new URL(process.env['MONGO_URL']!);
  url.pathname = `/bench_growth_${count}`;
  const facts = newFacts(randomUUID());
  await fillMongo(url.href, growthImages(count, facts));
  const connection = connectMongo({ url: url.href, log: silentLog() });
  const catalog = createMongoCatalog({ connection });
  const dispose = async () => {
    await (await connection.database()).dropDatabase();
    await catalog.close();
  };
  return { catalog, facts, dispose };
}

async function filled(fill: (count: number) => Promise<Filled>, count: number): Promise<Filled> {
  let result: Filled | undefined;
  const took = await seconds(async () => {
    result = await fill(count);
    await addFolders(result.catalog, result.facts.ownerId);
  });
  console.log(`${count} images in ${took.toFixed(0)} s`);
  return result!;
}

/** Milliseconds of each call, the two catalogues in turns so that what disturbs meets both. */
async function inTurns(asks: Ask[]): Promise<number[][]> {
  const times = asks.map((): number[] => []);
  for (let nth = -5; nth < calls; nth++)
    for (const [index, ask] of asks.entries()) {
      const took = (await seconds(() => ask(nth + 5))) * 1_000;
      if (nth >= 0) times[index]!.push(took); // the first ones warm up
    }
  return times;
}

async function measure(adapter: string, fill: (count: number) => Promise<Filled>) {
  const sizes = [await filled(fill, small), await filled(fill, large)];
  try {
    const asked = sizes.map(({ catalog, facts }) => questions(catalog, facts));
    const results = [];
    for (const question of Object.keys(asked[0]!)) {
      if (adapter === 'mongo' && question === sortedByServer) continue;
      const times = await inTurns(asked.map((questions) => questions[question]!));
      const [before, after] = times.map((all) => ({
        p50: percentile(all, 0.5)!,
        p95: percentile(all, 0.95)!,
      }));
      const growth = after!.p95 / before!.p95;
      console.log(
        `${adapter}, ${question}: p95 ${before!.p95.toFixed(2)} to ${after!.p95.toFixed(2)} ms, ${growth.toFixed(2)} ×`,
      );
      results.push({ adapter, question, small: before!, large: after!, growth });
    }
    return results;
  } finally {
    for (const { dispose } of sizes) await dispose();
  }
}

const results = [];
if (only !== 'mongo') results.push(...(await measure('sqlite', onSqlite)));
if (only !== 'sqlite' && process.env['MONGO_URL']) results.push(...(await measure('mongo', onMongo)));
table([
  ['', '', `p50 ms at ${small}`, `at ${large}`, `p95 ms at ${small}`, `at ${large}`, 'growth of p95'],
  ...results.map(({ adapter, question, small, large, growth }) => [
    adapter,
    question,
    ...[small.p50, large.p50, small.p95, large.p95].map((ms) => ms.toFixed(2)),
    `${growth.toFixed(2)} ×`,
  ]),
]);
writeResult('growth', { calls, sizes: [small, large], results });
