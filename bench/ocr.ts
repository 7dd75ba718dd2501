/**
 * Reads a folder of images with our pipeline and with Debian's `tesseract` as a process per image, whole file to text.
 *
 *   node bench/ocr.ts [folder with manifest.json] [rounds]
 *
 * Both use the same tessdata_fast data. Ours is measured warm, as it runs; a process per image cannot be warm. The order
 * alternates from round to round; figures are medians.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeImage } from '@image-organizer/ocr/adapters/sharp-decode';
import { enlarge, shrink, toGrey } from '@image-organizer/ocr/adapters/sharp-resize';
import { hardenSharp } from '@image-organizer/ocr/adapters/sharp-settings';
import { createTesseractEngine } from '@image-organizer/ocr/adapters/tesseract-engine';
import { readOcrConfig } from '@image-organizer/ocr/config';
import type { OcrEngine, Reading } from '@image-organizer/ocr/domain/ocr-engine';
import { longestReadSide, readText } from '@image-organizer/ocr/domain/read-text';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { recallOf } from './ocr-recall.ts';

interface Sample {
  file: string;
  path: string;
  kind: string;
  /** What stands in it; empty for photos. */
  text: string;
}

/** `kept`: what the pipeline calls the image's text; `read`: every word the engine saw, as the process prints them. */
interface Texts {
  kept: string;
  read: string;
}

interface Contender {
  name: string;
  /** Images at once. */
  atOnce: number;
  read(sample: Sample): Promise<Texts>;
}

interface Round {
  contender: string;
  seconds: number;
  texts: Map<string, Texts>;
}

const run = promisify(execFile);
const cores = availableParallelism();
const folder = process.argv[2] ?? join(import.meta.dirname, '../../shared/images');
const rounds = Number(process.argv[3] ?? 3);

async function readSamples(): Promise<Sample[]> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Omit<
    Sample,
    'path'
  >[];
  return manifest
    .filter(({ kind }) => kind !== 'bad')
    .map((sample) => ({ ...sample, path: join(folder, sample.file) }));
}

async function ours(engine: OcrEngine, sample: Sample): Promise<Texts> {
  const config = readOcrConfig();
  const limits = { maxPixels: config.maxPixels, timeoutSeconds: config.decodeTimeoutSeconds };
  const { pixels } = await decodeImage(await readFile(sample.path), limits);
  const readable = await toGrey(await shrink(pixels, longestReadSide));
  const readings: Reading[] = [];
  const recording: OcrEngine = {
    ...engine,
    async recognize(image, options) {
      const reading = await engine.recognize(image, options);
      readings.push(reading);
      return reading;
    },
  };
  const { text } = await readText({ engine: recording, enlarge }, readable, AbortSignal.timeout(120_000));
  const best = readings.sort((a, b) => b.confidence - a.confidence)[0];
  return { kept: text, read: best?.text ?? '' };
}

/** @param threads of OpenMP; undefined: as many as tesseract likes */
const tesseractProcess = (threads?: number) => async (sample: Sample) => {
  const env = threads === undefined ? process.env : { ...process.env, OMP_THREAD_LIMIT: String(threads) };
  // GIF and broken files make it exit with an error: nothing read.
  const { stdout } = await run('tesseract', [sample.path, '-'], { env }).catch(() => ({ stdout: '' }));
  return { kept: stdout, read: stdout };
};

const hasTesseract = () =>
  run('tesseract', ['--version']).then(
    () => true,
    () => false,
  );

async function contenders(engine: OcrEngine): Promise<Contender[]> {
  const mine = (sample: Sample) => ours(engine, sample);
  const pipeline = [
    { name: `ours, ${cores} workers`, atOnce: cores, read: mine },
    { name: 'ours, 1 worker', atOnce: 1, read: mine },
  ];
  if (!(await hasTesseract())) {
    console.log('Skipped: `tesseract` is not installed (apt-get install tesseract-ocr).');
    return pipeline;
  }
  return [
    ...pipeline,
    { name: 'process, default threads, 1 at a time', atOnce: 1, read: tesseractProcess() },
    { name: `process, 1 thread, ${cores} at a time`, atOnce: cores, read: tesseractProcess(1) },
    { name: 'process, 1 thread, 1 at a time', atOnce: 1, read: tesseractProcess(1) },
  ];
}

async function readAll({ name, atOnce, read }: Contender, samples: Sample[]): Promise<Round> {
  const texts = new Map<string, Texts>();
  const waiting = samples.values();
  const started = performance.now();
  const lane = async () => {
    for (const sample of waiting) texts.set(sample.file, await read(sample));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { contender: name, seconds: (performance.now() - started) / 1000, texts };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function summarise(name: string, done: Round[], samples: Sample[]) {
  const own = done.filter(({ contender }) => contender === name);
  const texts = own[0]!.texts;
  const withText = samples.filter(({ text }) => text !== '');
  const photos = samples.filter(({ kind }) => kind === 'photo');
  const percent = (which: keyof Texts) =>
    Math.round(mean(withText.map(({ file, text }) => recallOf(text, texts.get(file)![which]))) * 1000) / 10;
  return {
    contender: name,
    imagesPerSecond: Math.round((samples.length / median(own.map(({ seconds }) => seconds))) * 100) / 100,
    recallRead: percent('read'),
    recallKept: percent('kept'),
    photosWithText: photos.filter(({ file }) => texts.get(file)!.kept.trim() !== '').length,
  };
}

hardenSharp();
const config = readOcrConfig();
const engine = createTesseractEngine({
  languages: config.languages,
  dataDir: config.tessdataDir,
  workers: cores,
  deadlineMs: config.ocrDeadlineMs,
  metrics: createMetrics({ service: 'bench', process: false }),
  log: silentLog(),
});
const samples = await readSamples();
const all = await contenders(engine);
await readAll(all[0]!, samples); // warms the workers
const done: Round[] = [];
for (let round = 0; round < rounds; round++) {
  for (const contender of round % 2 === 0 ? all : all.toReversed())
    done.push(await readAll(contender, samples));
}
await engine.close();
const summary = all.map(({ name }) => summarise(name, done, samples));
console.table(summary);
const results = join(import.meta.dirname, 'results');
await mkdir(results, { recursive: true });
await writeFile(
  join(results, 'ocr.json'),
  JSON.stringify({ folder, images: samples.length, rounds, cores, summary }, null, 2),
);
