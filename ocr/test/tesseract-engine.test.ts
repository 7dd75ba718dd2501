import { Worker } from 'node:worker_threads';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { decodeImage } from '../src/adapters/sharp-decode.ts';
import { enlarge, toGrey } from '../src/adapters/sharp-resize.ts';
import { createTesseractEngine, type TesseractEngineOptions } from '../src/adapters/tesseract-engine.ts';
import { spawnTesseractWorker } from '../src/adapters/tesseract-thread.ts';
import { OcrError, type OcrEngine } from '../src/domain/ocr-engine.ts';
import { turnedHalf, type GreyPixels } from '../src/domain/pixels.ts';
import { readText } from '../src/domain/read-text.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
let page: GreyPixels;
let engine: OcrEngine;

beforeAll(async () => {
  const file = await readFile(join(import.meta.dirname, 'fixtures/page.png'));
  page = await toGrey((await decodeImage(file, { maxPixels: 1e7, timeoutSeconds: 20 })).pixels);
});
afterEach(() => engine.close());

/** An engine with one worker, and a view on its threads and restarts. */
function makeEngine(options: Partial<TesseractEngineOptions> = {}) {
  const metrics = createMetrics({ service: 'test', process: false });
  const threads: Worker[] = [];
  const spawn = () => {
    const worker = (options.spawn ?? spawnTesseractWorker)();
    threads.push(worker);
    return worker;
  };
  const dataDir = join(import.meta.dirname, '../tessdata');
  engine = createTesseractEngine({
    languages: ['eng'],
    dataDir,
    workers: 1,
    deadlineMs: 60_000,
    metrics,
    log: silentLog(),
    timeout: () => never,
    ...options,
    spawn,
  });
  const read = (signal = never) => engine.recognize(page, { signal });
  const restarts = async (reason: string) => {
    const { values } = (await metrics.getSingleMetric('ocr_worker_restarts_total')!.get()) as {
      values: { value: number; labels: object }[];
    };
    return values.find(({ labels }) => (labels as { reason: string }).reason === reason)?.value ?? 0;
  };
  return { read, restarts, threads };
}

it('when a page is read, then its words come in reading order with boxes and confidence', async () => {
  const { read } = makeEngine();
  const reading = await read();
  expect(reading.text).toContain('Total amount due: 1,284.50 EUR\nThe committee met');
  expect(reading.confidence).toBeGreaterThan(80);
  expect(reading.language).toBe('eng');
  const [first, second] = reading.lines;
  expect(first!.box.bottom).toBeLessThan(second!.box.bottom);
  expect(first!.words[0]!.box.right).toBeLessThan(first!.words[1]!.box.right);
});

it('when a page is upside down, then its text is found', async () => {
  makeEngine();
  const { text } = await readText({ engine, enlarge }, turnedHalf(page), never);
  expect(text).toContain('The committee met on Tuesday');
});

it('when an image holds no text, then its reading is empty', async () => {
  makeEngine();
  const white = { ...page, data: new Uint8Array(page.data.length).fill(255) };
  expect(await engine.recognize(white, { signal: never })).toMatchObject({
    text: '',
    lines: [],
    confidence: 0,
  });
});

it('when nothing is read, then no worker is started', () => {
  expect(makeEngine().threads).toHaveLength(0);
});

it('when a reading takes longer than the deadline, then its worker is killed and the next image is read', async () => {
  const deadline = new AbortController();
  const deadlines = [never, deadline.signal];
  const { read, restarts, threads } = makeEngine({ timeout: () => deadlines.shift() ?? never });
  await read();
  const late = read();
  deadline.abort();
  await expect(late).rejects.toThrow(OcrError);
  expect((await read()).text).toContain('Total');
  expect(threads).toHaveLength(2);
  expect(await restarts('deadline')).toBe(1);
});

it('when nobody wants a reading any more, then it ends with the reason and the next image is read', async () => {
  const { read, restarts } = makeEngine();
  await read();
  const unwanted = new AbortController();
  const reading = read(unwanted.signal);
  unwanted.abort(new Error('the claim is lost'));
  await expect(reading).rejects.toThrow('the claim is lost');
  expect((await read()).text).toContain('Total');
  expect(await restarts('aborted')).toBe(1);
});

it('when a worker dies while it reads, then that image fails and the next is read', async () => {
  const { read, restarts, threads } = makeEngine();
  await read();
  const doomed = read();
  const failed = expect(doomed).rejects.toThrow(OcrError);
  await threads[0]!.terminate();
  await failed;
  expect((await read()).text).toContain('Total');
  expect(await restarts('died')).toBe(1);
});

it('when a worker throws at its start, then the image fails, the process lives, and the next is read', async () => {
  const broken = () => new Worker("throw new Error('no memory')", { eval: true });
  const spawns = [broken];
  const { read } = makeEngine({ spawn: () => (spawns.shift() ?? spawnTesseractWorker)() });
  await expect(read()).rejects.toThrow('no memory');
  expect((await read()).text).toContain('Total');
});

it('when the language data is not there, then the image fails instead of waiting', async () => {
  const { read } = makeEngine({ dataDir: import.meta.dirname });
  await expect(read()).rejects.toThrow(/eng.traineddata/);
});

it('when tesseract refuses an image, then the same worker reads the next', async () => {
  const { read, threads } = makeEngine();
  const broken = { data: new Uint8Array(3), width: 500, height: 500, channels: 1 as const };
  await expect(engine.recognize(broken, { signal: never })).rejects.toThrow(OcrError);
  expect((await read()).text).toContain('Total');
  expect(threads).toHaveLength(1);
});

it('when a worker has done its share, then a new one takes over', async () => {
  const { read, restarts, threads } = makeEngine({ jobsPerWorker: 2 });
  for (let image = 0; image < 3; image++) await read();
  expect(threads).toHaveLength(2);
  expect(await restarts('recycled')).toBe(1);
});

it('when more images come than there are workers, then each is read in turn', async () => {
  const { read, threads } = makeEngine();
  const texts = await Promise.all([read(), read(), read()]);
  expect(texts.every(({ text }) => text.includes('Total'))).toBe(true);
  expect(threads).toHaveLength(1);
});

it('when the engine is closed, then what is under way and what waits is rejected', async () => {
  const { read } = makeEngine();
  const outcomes = Promise.allSettled([read(), read()]);
  await engine.close();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
