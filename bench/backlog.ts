/**
 * COUNT queued events, then the workers: resident memory of every process and the depth of every queue while they drain.
 * Flat memory and a steady rate say that nothing grows with the backlog. On RABBITMQ_URL, MONGO_URL and MYSQL_URL, one
 * process per service.
 *
 *   npm run bench:backlog [-- COUNT OCR_WORKERS]
 */
import { setTimeout as delay } from 'node:timers/promises';
import { queues } from '@image-organizer/contracts/topology';
import { queueImages } from './support/backlog.ts';
import { residentBytes } from './support/memory.ts';
import { table, writeResult } from './support/report.ts';
import { discardLogs, replicasOf, startServices } from './support/services.ts';
import { seconds } from './support/time.ts';

const [count = 50_000, ocrWorkers = 4] = process.argv.slice(2).map(Number);
const everyMs = 5_000;
const workers = ['ocr', 'classifier', 'organizer'] as const;

/** At `seconds` after the start of the workers. */
interface Sample {
  seconds: number;
  /** Messages that wait, per queue, both lanes; those in flight not counted. */
  depths: Record<string, number>;
  /** Bytes, per service. */
  memory: Record<string, number>;
}

const cluster = await startServices(0, { OCR_WORKERS: String(ocrWorkers) });

async function look(startedAt: number): Promise<Sample> {
  const depths: Sample['depths'] = {};
  for (const queue of Object.values(queues)) depths[queue.name] = await cluster.bus.depth(queue);
  const memory = Object.fromEntries(
    replicasOf(cluster).map(({ service, child }) => [service, residentBytes(child.pid!)]),
  );
  return { seconds: (performance.now() - startedAt) / 1000, depths, memory };
}

/** The share of the backlog that the first stage has taken. */
const drained = ({ depths }: Sample) => 1 - depths[queues.ocrImageUploaded.name]! / count;
const isIdle = ({ depths }: Sample) => Object.values(depths).every((depth) => depth === 0);

/** Until nothing waits, seen twice: what is in flight then has had the time of a sample. */
async function drain(): Promise<Sample[]> {
  const startedAt = performance.now();
  const samples: Sample[] = [];
  while (!samples.slice(-2).every(isIdle) || samples.length < 2) {
    await delay(everyMs);
    samples.push(await look(startedAt));
  }
  return samples;
}

/** The first sample in which so much is drained. */
const at = (samples: Sample[], share: number) => samples.find((sample) => drained(sample) >= share)!;
/** Images per second of the first stage between two shares of the backlog. */
function rate(samples: Sample[], from: number, to: number): number {
  const [first, last] = [at(samples, from), at(samples, to)];
  return (count * (drained(last) - drained(first))) / (last.seconds - first.seconds);
}

async function countOrganized(ids: string[]): Promise<number> {
  let organized = 0;
  for (let from = 0; from < ids.length; from += 1_000) {
    const images = await cluster.catalog.findImages(ids.slice(from, from + 1_000));
    organized += images.filter(({ status }) => status === 'organized').length;
  }
  return organized;
}

try {
  let ids: string[] = [];
  const queueingSeconds = await seconds(async () => (ids = await queueImages(cluster, count)));
  const depth = await cluster.bus.depth(queues.ocrImageUploaded);
  console.log(`${depth} events queued in ${queueingSeconds.toFixed(0)} s`);

  for (const service of workers) await cluster.start(service);
  discardLogs(cluster);
  const samples = await drain();
  const organized = await countOrganized(ids);

  const [early, late] = [at(samples, 0.1), at(samples, 0.9)];
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const memory = Object.keys(early.memory).map((service) => ({
    service,
    at10: early.memory[service]!,
    at90: late.memory[service]!,
    peak: Math.max(...samples.map((sample) => sample.memory[service]!)),
  }));
  table([
    ['resident memory', '10 % drained', '90 % drained', 'most of all samples'],
    ...memory.map(({ service, at10, at90, peak }) => [
      service,
      ...[at10, at90, peak].map((bytes) => megabytes(bytes)),
    ]),
  ]);
  const rates = { firstThird: rate(samples, 0.01, 1 / 3), lastThird: rate(samples, 2 / 3, 1) };
  const drainSeconds = samples.at(-1)!.seconds;
  console.log(`drained in ${drainSeconds.toFixed(0)} s, ${organized} of ${count} organised`);
  console.log(
    `images/s: ${rates.firstThird.toFixed(1)} in the first third, ${rates.lastThird.toFixed(1)} in the last`,
  );
  writeResult('backlog', {
    count,
    ocrWorkers,
    queueingSeconds,
    drainSeconds,
    organized,
    rates,
    memory,
    samples,
  });
} finally {
  await cluster.stop();
}
