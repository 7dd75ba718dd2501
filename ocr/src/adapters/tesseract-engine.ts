import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Page } from 'tesseract.js';
import { OcrError, type OcrEngine } from '../domain/ocr-engine.ts';
import type { GreyPixels } from '../domain/pixels.ts';
import { createSeatQueue } from './seat-queue.ts';
import { mainLanguage, readingFromTsv, toPgm } from './tesseract-output.ts';
import {
  spawnTesseractWorker,
  startTesseractThread,
  type SpawnWorker,
  type TessdataOptions,
  type TesseractThread,
} from './tesseract-thread.ts';
import { untilAborted } from './until-aborted.ts';

export interface TesseractEngineOptions extends TessdataOptions {
  /** Threads, one image each: one per core. */
  workers: number;
  /** After which a worker that is still at one image is killed. */
  deadlineMs: number;
  /** After so many jobs a worker is replaced: its memory only grows. An image takes one to three. */
  jobsPerWorker?: number;
  metrics: Metrics;
  log: Log;
  /** Aborts after `ms`. */
  timeout?: (ms: number) => AbortSignal;
  spawn?: SpawnWorker;
}

const restartReasons = ['recycled', 'deadline', 'aborted', 'died'] as const;
type RestartReason = (typeof restartReasons)[number];

/** A place in the pool: warm from its first image on. */
interface Seat {
  thread?: TesseractThread | undefined;
  jobs: number;
}

/**
 * tesseract.js with workers of our own. They start at the first image, stay warm, and are killed when an image takes too
 * long or nobody wants it any more; whatever happens to one, its image alone is rejected.
 */
export function createTesseractEngine(options: TesseractEngineOptions): OcrEngine {
  const { languages, workers, deadlineMs, jobsPerWorker = 100, log } = options;
  const { timeout = (ms) => AbortSignal.timeout(ms), spawn = spawnTesseractWorker } = options;
  const { seconds, restarts } = engineMetrics(options.metrics);
  const closing = new AbortController();
  const seats = Array.from({ length: workers }, (): Seat => ({ jobs: 0 }));
  const seatQueue = createSeatQueue(seats);

  async function retire(seat: Seat, reason: RestartReason): Promise<void> {
    const { thread } = seat;
    seat.thread = undefined;
    seat.jobs = 0;
    if (!closing.signal.aborted) restarts.inc({ reason });
    if (reason !== 'recycled') log.warn({ reason }, 'an OCR worker was ended');
    await thread?.kill();
  }

  /** One job on one worker. A worker that is dead or busy with what nobody wants is replaced at the next job. */
  async function onWorker<Result>(signal: AbortSignal, job: (thread: TesseractThread) => Promise<Result>) {
    const seat = await seatQueue.take(AbortSignal.any([signal, closing.signal]));
    const deadline = timeout(deadlineMs);
    const stop = AbortSignal.any([signal, deadline, closing.signal]);
    try {
      seat.thread ??= await startTesseractThread(options, stop, spawn);
      return await untilAborted(job(seat.thread), stop);
    } catch (error) {
      if (stop.aborted) await retire(seat, deadline.aborted ? 'deadline' : 'aborted');
      else if (seat.thread?.alive !== true) await retire(seat, 'died');
      signal.throwIfAborted();
      throw deadline.aborted ? new OcrError(`reading the image took longer than ${deadlineMs} ms`) : error;
    } finally {
      if (seat.thread && ++seat.jobs >= jobsPerWorker) await retire(seat, 'recycled');
      seatQueue.give(seat);
    }
  }

  return {
    recognize: (image, { signal }) =>
      onWorker(signal, async (thread) => {
        const stopTimer = seconds.startTimer();
        const page = await thread.run<Page>('recognize', {
          image: toPgm(image),
          options: { user_defined_dpi: resolutionOf(image) },
          output: { text: false, tsv: true, hocr: languages.length > 1 },
        });
        stopTimer();
        return readingFromTsv(page.tsv ?? '', mainLanguage(page.hocr, languages));
      }),
    async close() {
      closing.abort(new OcrError('the OCR engine is closed'));
      await Promise.all(seats.map(async ({ thread }) => thread?.kill()));
    },
  };
}

/**
 * PGM carries no resolution, and tesseract drops what looks too small or too large for it. Measured: small images are
 * read best at 100 to 200 and lose two thirds of their small print at 250; without our word it takes 70, and large pages
 * lose their tables.
 */
const resolutionOf = ({ width, height }: GreyPixels) => (Math.max(width, height) < 1800 ? '150' : '300');

function engineMetrics(metrics: Metrics) {
  const seconds = new Histogram({
    name: 'ocr_seconds',
    help: 'Time of one reading of one image by the OCR engine.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [metrics],
  });
  const restarts = new Counter({
    name: 'ocr_worker_restarts_total',
    help: 'OCR workers that were replaced, by reason.',
    labelNames: ['reason'] as const,
    registers: [metrics],
  });
  for (const reason of restartReasons) restarts.inc({ reason }, 0);
  new Gauge({
    name: 'ocr_resident_bytes',
    help: 'Resident memory of the process whose threads the OCR workers are.',
    registers: [metrics],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  return { seconds, restarts };
}
