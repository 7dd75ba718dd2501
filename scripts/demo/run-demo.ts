import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { UploadAnswer } from '@image-organizer/contracts/http/upload';
import { ApiError, logIn, NoAnswerError, type ApiClient } from './api-client.ts';
import { failures, folderTree, refusals } from './report.ts';

export interface DemoOptions {
  url: string;
  email: string | undefined;
  password: string | undefined;
  /** Folder with the images and their manifest.json. */
  samples: string;
  /** Columns of the terminal. */
  width: number;
  /** Whole lines. */
  print: (line: string) => void;
  /** What is going on now: replaces what it showed before; '' clears it. */
  progress: (line: string) => void;
  wait: (milliseconds: number) => Promise<unknown>;
}

/** What the demo cannot do anything about; its message tells the person what to do. */
export class DemoError extends Error {}

/** Small groups, so that they take the lane for people who wait. */
const filesPerUpload = 20;
const pollMs = 500;
const searches = ['total', 'dear', 'seat'];

const manifest = z.array(z.object({ file: z.string() }));

async function readSamples(folder: string): Promise<File[]> {
  const entries = manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  return Promise.all(
    entries.map(
      async ({ file }) => new File([new Uint8Array(await readFile(join(folder, file)))], basename(file)),
    ),
  );
}

/** The same files have the same key, so that a second run shows the first one's images instead of adding them again. */
async function contentKey(files: File[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(`${file.name}\n${file.size}\n`).update(new Uint8Array(await file.arrayBuffer()));
  return `demo-${hash.digest('hex')}`;
}

async function connect({ url, email, password, wait }: DemoOptions): Promise<ApiClient> {
  if (!email || !password)
    throw new DemoError(
      'Set IO_EMAIL and IO_PASSWORD: at its first start the server prints the account that it made.',
    );
  try {
    return await logIn({ url, email, password, wait });
  } catch (error) {
    if (error instanceof ApiError) throw new DemoError(`${url} refused the login: ${error.message}`);
    if (error instanceof NoAnswerError)
      throw new DemoError(`No server answers at ${url}: start one with \`npm start\`.`);
    throw error;
  }
}

async function waitUntilCompleted(
  api: ApiClient,
  batchIds: string[],
  { progress, wait }: DemoOptions,
): Promise<void> {
  for (;;) {
    const batches = await Promise.all(batchIds.map((id) => api.batch(id)));
    if (batches.every(({ status }) => status === 'completed')) return progress('');
    const sum = (key: 'organized' | 'failed' | 'total') =>
      batches.reduce((total, batch) => total + batch[key], 0);
    progress(
      `${sum('organized') + sum('failed')} of ${sum('total')} images are done, ${sum('failed')} of them failed …`,
    );
    await wait(pollMs);
  }
}

async function uploadAll(api: ApiClient, files: File[], { progress }: DemoOptions): Promise<UploadAnswer[]> {
  const answers: UploadAnswer[] = [];
  for (let from = 0; from < files.length; from += filesPerUpload) {
    progress(`uploading ${Math.min(from + filesPerUpload, files.length)} of ${files.length} files …`);
    const group = files.slice(from, from + filesPerUpload);
    answers.push(await api.upload(group, await contentKey(group)));
  }
  return answers;
}

const section = (title: string, lines: string[]) => (lines.length ? ['', title, ...lines] : []);

async function searchExamples(api: ApiClient, width: number): Promise<string[]> {
  const found = await Promise.all(searches.map((q) => api.images({ q })));
  return searches.map((q, index) => {
    const names = found[index]!.map(({ placement, filename }) => placement?.filename ?? filename);
    const line = `    ${q.padEnd(8)} ${names.length} found: ${names.join(', ')}`;
    return line.length > width ? `${line.slice(0, width - 1)}…` : line;
  });
}

/**
 * Uploads the samples, waits until each is organised or has failed, and prints what became of them.
 * @throws DemoError where a person must do something first
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { width, print } = options;
  const api = await connect(options);
  const answers = await uploadAll(api, await readSamples(options.samples), options);
  const batchIds = answers.map(({ batchId }) => batchId);
  await waitUntilCompleted(api, batchIds, options);
  const images = (await Promise.all(batchIds.map((batch) => api.images({ batch })))).flat();
  const refused = answers.flatMap((answer) => answer.refused);
  const lines = [
    `${images.length} images were accepted. The catalogue:`,
    ...folderTree(images, width),
    ...section('Refused:', refusals(refused, width)),
    ...section('Failed:', failures(images, width)),
    ...section('Search (GET /api/images?q=…):', await searchExamples(api, width)),
  ];
  lines.forEach((line) => print(line));
}
