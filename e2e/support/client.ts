import { setTimeout as delay } from 'node:timers/promises';
import { batch, type Batch } from '@image-organizer/contracts/http/batch';
import { image, imageList, type Image } from '@image-organizer/contracts/http/image';
import { session } from '@image-organizer/contracts/http/session';
import { uploadAnswer, type UploadAnswer } from '@image-organizer/contracts/http/upload';
import { account } from './server-process.ts';

export interface UploadFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A client of the public API; every answer is checked against its published shape. */
export interface Client {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  upload(
    files: UploadFile[],
    options?: { key?: string; fields?: Record<string, string> },
  ): Promise<UploadAnswer>;
  image(id: string): Promise<Image>;
  batch(id: string): Promise<Batch>;
  /** Every image, over all pages. */
  images(query?: Record<string, string>): Promise<Image[]>;
  /** Resolves once the batch is completed. */
  completed(batchId: string): Promise<Batch>;
}

export async function login(url: string, who = account): Promise<Client> {
  const basic = Buffer.from(`${who.email}:${who.password}`).toString('base64');
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
  });
  const { accessToken } = session.parse(await answer.json());
  return createClient(url, accessToken);
}

function createClient(url: string, token: string): Client {
  const send: Client['fetch'] = (path, init = {}) =>
    fetch(new URL(path, url), { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } });
  const read = async (path: string) => {
    const answer = await send(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const client: Client = {
    fetch: send,
    async upload(files, { key, fields = {} } = {}) {
      const answer = await send('/upload', {
        method: 'POST',
        body: formOf(files, fields),
        headers: key ? { 'Idempotency-Key': key } : {},
      });
      if (answer.status !== 202) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
      return uploadAnswer.parse(await answer.json());
    },
    image: async (id) => image.parse(await read(`/api/images/${id}`)),
    batch: async (id) => batch.parse(await read(`/api/batches/${id}`)),
    async images(query = {}) {
      const all: Image[] = [];
      let cursor: string | null = null;
      do {
        const parameters = new URLSearchParams({ limit: '200', ...query, ...(cursor ? { cursor } : {}) });
        const page = imageList.parse(await read(`/api/images?${parameters.toString()}`));
        all.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return all;
    },
    completed: (id) =>
      until(
        () => client.batch(id),
        ({ status }) => status === 'completed',
      ),
  };
  return client;
}

export function formOf(files: UploadFile[], fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { name, bytes } of files) form.append('file', new Blob([bytes]), name);
  return form;
}

/** Asks again until the answer is as wanted; a test's own time-out ends it. */
export async function until<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    await delay(100);
  }
}
