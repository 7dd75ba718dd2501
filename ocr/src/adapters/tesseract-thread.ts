import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { messageOf } from '@image-organizer/platform/errors';
import { OEM, PSM } from 'tesseract.js';
import { OcrError } from '../domain/ocr-engine.ts';

/**
 * One worker thread of tesseract.js that is ready to read.
 *
 * We start its worker script ourselves and speak its protocol, because the library's own `createWorker` loses jobs: it
 * hands the thread out only once it is ready, never settles when the language data is bad, and ignores a thread that
 * dies, so that its jobs stay pending, or (without a listener for `error`) the whole process ends.
 */
export interface TesseractThread {
  /** @throws OcrError when tesseract refuses the job or the thread dies; after a refusal it goes on */
  run<Result>(action: string, payload: object): Promise<Result>;
  readonly alive: boolean;
  /** Ends the thread at once, in the middle of a job if need be. Its jobs are rejected. */
  kill(): Promise<void>;
}

export interface TessdataOptions {
  /** Each has `<language>.traineddata.gz` in `dataDir`. */
  languages: readonly string[];
  dataDir: string;
}

export type SpawnWorker = () => Worker;

/** What tesseract prints of an image ("Detected 45 diacritics") is of no use in our logs. */
export const spawnTesseractWorker: SpawnWorker = () => {
  const script = createRequire(import.meta.url).resolve('tesseract.js/src/worker-script/node/index.js');
  const worker = new Worker(script, { stdout: true, stderr: true });
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
};

/** @param signal ends a start that is under way */
export async function startTesseractThread(
  { languages, dataDir }: TessdataOptions,
  signal: AbortSignal,
  spawn: SpawnWorker,
): Promise<TesseractThread> {
  const thread = openThread(spawn());
  const kill = () => void thread.kill();
  signal.addEventListener('abort', kill, { once: true });
  try {
    signal.throwIfAborted();
    await prepare(thread, languages, dataDir);
    return thread;
  } catch (error) {
    await thread.kill();
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** As createWorker does, from our own folder and nowhere else. */
async function prepare(
  thread: TesseractThread,
  languages: readonly string[],
  dataDir: string,
): Promise<void> {
  const langs = languages.join('+');
  const local = { langPath: dataDir, cacheMethod: 'none', gzip: true, lstmOnly: true };
  await thread.run('load', { options: { lstmOnly: true, logging: false } });
  await thread.run('loadLanguage', { langs, options: local });
  await thread.run('initialize', { langs, oem: OEM.LSTM_ONLY, config: {} });
  await thread.run('setParameters', { params: { tessedit_pageseg_mode: PSM.AUTO } });
}

interface Answer {
  jobId: string;
  status: 'resolve' | 'reject' | 'progress';
  data: unknown;
}

function openThread(worker: Worker): TesseractThread {
  const jobs = new Map<string, PromiseWithResolvers<unknown>>();
  let sent = 0;
  let alive = true;
  const die = (reason: string) => {
    alive = false;
    for (const job of jobs.values()) job.reject(new OcrError(reason));
    jobs.clear();
  };
  worker.on('message', ({ jobId, status, data }: Answer) => {
    if (status === 'progress') return;
    const job = jobs.get(jobId);
    jobs.delete(jobId);
    if (status === 'resolve') job?.resolve(data);
    else job?.reject(new OcrError(`tesseract: ${String(data)}`));
  });
  worker.on('error', (error) => die(`the OCR worker died: ${messageOf(error)}`));
  worker.on('exit', (code) => die(`the OCR worker exited with code ${code}`));
  return {
    get alive() {
      return alive;
    },
    run<Result>(action: string, payload: object) {
      const job = Promise.withResolvers<unknown>();
      const jobId = `${++sent}`;
      if (!alive) return Promise.reject(new OcrError('the OCR worker has ended'));
      jobs.set(jobId, job);
      worker.postMessage({ workerId: 'ocr', jobId, action, payload });
      return job.promise as Promise<Result>;
    },
    async kill() {
      die('the OCR worker was stopped');
      await worker.terminate();
    },
  };
}
