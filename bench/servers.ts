/**
 * The services in processes of their own on RabbitMQ, MongoDB and MySQL (RABBITMQ_URL, MONGO_URL, MYSQL_URL) beside the
 * pure compute of reading the same images: one image on an idle system, then images per second with one and with two
 * processes of ocr, classifier and organizer. Rounds in turns; medians. The servers use the same cores.
 *
 *   npm run bench:servers [-- IMAGES ROUNDS]
 */
import { availableParallelism } from 'node:os';
import type { Cluster } from '../e2e/support/cluster.ts';
import { createPureCompute } from './support/compute.ts';
import { measureIdle } from './support/idle.ts';
import { samples, takeFiles } from './support/images.ts';
import { median, table, writeResult } from './support/report.ts';
import { startServices } from './support/services.ts';
import { seconds } from './support/time.ts';
import { uploadAll } from './support/uploads.ts';

const [images = 100, rounds = 3] = process.argv.slice(2).map(Number);

type Compute = ReturnType<typeof createPureCompute>;
interface Contender {
  workers: number;
  cluster: Cluster;
  compute: Compute;
  pure: number[];
  whole: number[];
}

const ms = (value: number) => `${value.toFixed(0)} ms`;
const share = (value: number) => `${(100 * value).toFixed(0)} %`;

async function prepare(workers: number): Promise<Contender> {
  const compute = createPureCompute(workers);
  const cluster = await startServices(workers);
  await compute.all(takeFiles(samples.length));
  await uploadAll(await cluster.client(), takeFiles(workers * samples.length)); // every process starts its engine
  return { workers, cluster, compute, pure: [], whole: [] };
}

async function race(contenders: Contender[]) {
  for (let round = 0; round < rounds; round += 1) {
    for (const { cluster, compute, pure, whole } of contenders) {
      const client = await cluster.client();
      pure.push(images / (await seconds(() => compute.all(takeFiles(images)))));
      whole.push(images / (await seconds(() => uploadAll(client, takeFiles(images)))));
    }
  }
  return contenders.map(({ workers, pure, whole }) => ({
    workers,
    pureImagesPerSecond: median(pure),
    pipelineImagesPerSecond: median(whole),
    efficiency: median(whole) / median(pure),
  }));
}

const contenders: Contender[] = [];
try {
  contenders.push(await prepare(1));
  const [{ cluster, compute }] = contenders as [Contender];
  const idle = await measureIdle(cluster, compute, rounds);
  table([
    ['one image on an idle system', `median of ${idle.images}`],
    ['pure compute', ms(idle.computeMs)],
    ['upload sent → image.organized', ms(idle.latencyMs)],
    ['difference of the two, same image (target ≤ 100 ms)', ms(idle.latencyMinusComputeMs)],
    ...Object.entries(idle.stepsMs).map(([step, value]) => [`  ${step}`, ms(value)]),
    ['overhead, wall clock, share of compute', share(idle.wallOverhead)],
    ['overhead, CPU of the service processes, share of compute', share(idle.cpuOverhead)],
    ['overhead, CPU of the whole machine with the servers and this client', share(idle.machineCpuOverhead)],
    ['CPU per image, pure compute', ms(idle.computeCpuMs)],
    ['CPU per image, service processes', ms(idle.servicesCpuMs)],
    ...Object.entries(idle.cpuMsByService).map(([service, value]) => [`  ${service}`, ms(value)]),
  ]);

  contenders.push(await prepare(2));
  const throughput = await race(contenders);
  console.log(`\nservices, their servers and this client share ${availableParallelism()} cores`);
  table([
    ['processes per stage', 'pure compute', 'whole pipeline', 'efficiency'],
    ...throughput.map(({ workers, pureImagesPerSecond, pipelineImagesPerSecond, efficiency }) => [
      String(workers),
      `${pureImagesPerSecond.toFixed(2)} images/s`,
      `${pipelineImagesPerSecond.toFixed(2)} images/s`,
      share(efficiency),
    ]),
  ]);
  writeResult('servers', { images, rounds, throughput, idle });
} finally {
  for (const { cluster, compute } of contenders) await Promise.all([cluster.stop(), compute.close()]);
}
