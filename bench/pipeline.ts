/**
 * Images per second end to end (upload by HTTP → organised) beside the pure compute of reading the same images: decode,
 * renditions, text, as many at once, with no HTTP, disk, catalogue or bus. Alternating rounds; medians.
 *
 *   npm run bench:pipeline [-- IMAGES ROUNDS]
 */
import { availableParallelism } from 'node:os';
import { login } from '../e2e/support/client.ts';
import { removeData, startServer } from '../e2e/support/server-process.ts';
import { createPureCompute } from './support/compute.ts';
import { samples, takeFiles, unique } from './support/images.ts';
import { median, table, writeResult } from './support/report.ts';
import { seconds } from './support/time.ts';
import { uploadAll } from './support/uploads.ts';

const [images = 100, rounds = 3] = process.argv.slice(2).map(Number);
const cores = availableParallelism();
const compute = createPureCompute(cores);

const server = await startServer();
try {
  const client = await login(server.url);
  const pure: number[] = [];
  const whole: number[] = [];
  const alone: number[] = [];
  const latency: number[] = [];
  await compute.all(takeFiles(samples.length));
  await uploadAll(client, takeFiles(samples.length));
  for (let round = 0; round < rounds; round++) {
    pure.push(images / (await seconds(() => compute.all(takeFiles(images)))));
    whole.push(images / (await seconds(() => uploadAll(client, takeFiles(images)))));
    for (const sample of samples) {
      const file = unique(sample);
      alone.push(1000 * (await seconds(() => compute.one(file))));
      latency.push(1000 * (await seconds(() => uploadAll(client, [file]))));
    }
  }
  const result = {
    images,
    rounds,
    cores,
    pureImagesPerSecond: median(pure),
    pipelineImagesPerSecond: median(whole),
    efficiency: median(whole) / median(pure),
    idleComputeMs: median(alone),
    idleLatencyMs: median(latency),
  };
  table([
    ['pure compute', `${result.pureImagesPerSecond.toFixed(2)} images/s`],
    ['whole pipeline', `${result.pipelineImagesPerSecond.toFixed(2)} images/s`],
    ['efficiency', `${(100 * result.efficiency).toFixed(0)} %`],
    ['one image on an idle system, compute', `${result.idleComputeMs.toFixed(0)} ms`],
    [
      'one image on an idle system, upload to organised (polled every 100 ms)',
      `${result.idleLatencyMs.toFixed(0)} ms`,
    ],
  ]);
  writeResult('pipeline', result);
} finally {
  await compute.close();
  await server.stop();
  await removeData(server);
}
