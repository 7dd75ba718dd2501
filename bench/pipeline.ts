/**
 * Images per second end to end (upload by HTTP → organised) beside the pure compute of reading the same images: decode,
 * renditions, text, as many at once, with no HTTP, disk, catalogue or bus. Alternating rounds; medians.
 *
 *   npm run bench:pipeline [-- IMAGES ROUNDS]
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { createTesseractEngine } from '@image-organizer/ocr/adapters/tesseract-engine';
import { readOcrConfig } from '@image-organizer/ocr/config';
import { extractStage } from '@image-organizer/ocr/extract-stage';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { login, type Client, type UploadFile } from '../e2e/support/client.ts';
import { fileOf, ownSamples, realSamples } from '../e2e/support/samples.ts';
import { removeData, startServer } from '../e2e/support/server-process.ts';
import { median, table, writeResult } from './support/report.ts';

const [images = 100, rounds = 3] = process.argv.slice(2).map(Number);
const perRequest = 20;
const samples = (realSamples() ?? ownSamples()).filter(({ kind }) => kind !== 'bad').map(fileOf);

/** The same picture with other bytes behind its end, so that it is no duplicate and is read. */
const unique = ({ name, bytes }: UploadFile): UploadFile => ({
  name,
  bytes: new Uint8Array(Buffer.concat([bytes, randomBytes(16)])),
});
const takeFiles = (count: number) =>
  Array.from({ length: count }, (_, n) => unique(samples[n % samples.length]!));

const config = readOcrConfig({});
const engine = createTesseractEngine({
  languages: config.languages,
  dataDir: config.tessdataDir,
  workers: config.workers,
  deadlineMs: config.ocrDeadlineMs,
  metrics: createMetrics({ service: 'bench', process: false }),
  log: silentLog(),
});

/** Reads one image with a blob store that keeps nothing. */
async function compute({ name, bytes }: UploadFile): Promise<void> {
  const blobs = {
    open: async () => Readable.from([Buffer.from(bytes)]),
    put: async (id: string, source: Readable) => {
      source.resume();
      return { id, size: 0, sha256: '' };
    },
  } as unknown as BlobStore;
  const stage = extractStage({ blobs, catalog: { getImage: async () => undefined }, engine, config });
  const image = { id: randomUUID(), filename: name, size: bytes.length, duplicateOf: null } as ImageRecord;
  const signal = new AbortController().signal;
  await stage.work(image, { epoch: 1, attempt: 1, signal, log: silentLog(), report: async () => {} });
}

async function computeAll(files: UploadFile[]): Promise<void> {
  const queue = files.values();
  await Promise.all(
    Array.from({ length: config.workers }, async () => {
      for (const file of queue) await compute(file);
    }),
  );
}

async function uploadAll(client: Client, files: UploadFile[]): Promise<void> {
  const batches: string[] = [];
  for (let from = 0; from < files.length; from += perRequest) {
    batches.push(
      (await client.upload(files.slice(from, from + perRequest), { fields: { notify: 'false' } })).batchId,
    );
  }
  for (const batchId of batches) await client.completed(batchId);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const server = await startServer();
try {
  const client = await login(server.url);
  const pure: number[] = [];
  const whole: number[] = [];
  const alone: number[] = [];
  const latency: number[] = [];
  await computeAll(takeFiles(samples.length));
  await uploadAll(client, takeFiles(samples.length));
  for (let round = 0; round < rounds; round++) {
    pure.push(images / (await seconds(() => computeAll(takeFiles(images)))));
    whole.push(images / (await seconds(() => uploadAll(client, takeFiles(images)))));
    for (const sample of samples) {
      const file = unique(sample);
      alone.push(1000 * (await seconds(() => compute(file))));
      latency.push(1000 * (await seconds(() => uploadAll(client, [file]))));
    }
  }
  const result = {
    images,
    rounds,
    cores: config.workers,
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
  await engine.close();
  await server.stop();
  await removeData(server);
}
