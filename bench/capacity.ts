/**
 * What one image costs: CPU seconds of every service, seconds of every stage, bytes in MongoDB. CPU seconds hardly depend
 * on what else runs on the machine; docs/capacity.md counts with them. Needs the real servers, as the fault tests do.
 *
 *   node bench/capacity.ts [IMAGES]
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serviceNames, startCluster, type Cluster } from '../e2e/support/cluster.ts';
import { fileOf, ownSamples, realSamples } from '../e2e/support/samples.ts';
import { readManifest } from '../scripts/backup/manifest.ts';
import { table, writeResult } from './support/report.ts';

const images = Number(process.argv[2] ?? 60);
const perRequest = 20;
/** Sweeps and polling cost the same whether there is work or not: that is taken off. */
const idleMs = 15_000;
const samples = (realSamples() ?? ownSamples()).filter(({ kind }) => kind !== 'bad').map(fileOf);

/** The same pictures with other bytes behind their ends, so that none is a duplicate. */
const files = Array.from({ length: images }, (_, n) => {
  const { name, bytes } = samples[n % samples.length]!;
  return { name, bytes: new Uint8Array(Buffer.concat([bytes, randomBytes(16)])) };
});

/** One line per series: `name{labels} value`. */
async function metricsOf(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (name: string, label = ''): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(name) && line.includes(label))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
async function cpuOf(cluster: Cluster): Promise<number[]> {
  const metrics = await Promise.all(serviceNames.map((service) => metricsOf(cluster.one(service).url)));
  return metrics.map((metric) => metric('process_cpu_seconds_total'));
}

/** What every service computes while `work` goes on. */
async function spent(cluster: Cluster, work: () => Promise<unknown>) {
  const [before, began] = [await cpuOf(cluster), performance.now()];
  await work();
  const seconds = (performance.now() - began) / 1000;
  const after = await cpuOf(cluster);
  const cpu = Object.fromEntries(serviceNames.map((name, n) => [name, after[n]! - before[n]!]));
  return { seconds, cpu };
}

/** Bytes of every collection, as a backup has them before gzip. */
async function storedBytes(env: Record<string, string>) {
  const directory = await mkdtemp(join(tmpdir(), 'capacity-'));
  const script = join(import.meta.dirname, '..', 'scripts', 'backup.ts');
  await promisify(execFile)(process.execPath, [script, directory], { env });
  const { mongo } = await readManifest(directory);
  await rm(directory, { recursive: true });
  return mongo.filter(({ bytes }) => bytes > 0);
}

const cluster = await startCluster();
try {
  const client = await cluster.client();
  await client.completed((await client.upload(samples)).batchId); // every worker is warm
  const idle = await spent(cluster, () => delay(idleMs));
  const busy = await spent(cluster, async () => {
    const batches: string[] = [];
    for (let from = 0; from < images; from += perRequest)
      batches.push((await client.upload(files.slice(from, from + perRequest))).batchId);
    for (const batchId of batches) await client.completed(batchId);
  });

  const cpu = serviceNames.map((service) => {
    const ofIdling = (idle.cpu[service]! / idle.seconds) * busy.seconds;
    return { service, seconds: Math.max(0, busy.cpu[service]! - ofIdling) / images };
  });
  const stages = await Promise.all(
    (
      [
        ['ocr', 'extract'],
        ['classifier', 'classify'],
        ['organizer', 'organize'],
      ] as const
    ).map(async ([service, stage]) => {
      const metric = await metricsOf(cluster.one(service).url);
      const labels = `stage="${stage}",outcome="done"`;
      const sum = metric('pipeline_stage_duration_seconds_sum', labels);
      return { stage, seconds: sum / metric('pipeline_stage_duration_seconds_count', labels) };
    }),
  );
  const uploaded = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const stored = await storedBytes(cluster.environment);

  const kept = images + samples.length;
  table([
    ['CPU seconds an image', ''],
    ...cpu.map(({ service, seconds }) => [service, seconds.toFixed(3)]),
    ['seconds of a stage', ''],
    ...stages.map(({ stage, seconds }) => [stage, seconds.toFixed(3)]),
    ['kB an image', 'documents an image'],
    ['as uploaded', (uploaded / images / 1000).toFixed(1)],
    ...stored.map(({ name, bytes, count }) => [
      name,
      `${(bytes / kept / 1000).toFixed(1)} in ${(count / kept).toFixed(1)}`,
    ]),
  ]);
  writeResult('capacity', { images, cpu, stages, uploaded, stored });
} finally {
  await cluster.stop();
}
