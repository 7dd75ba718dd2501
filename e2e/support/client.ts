import { setTimeout as delay } from 'node:timers/promises';
import { createApiDocument } from '@image-organizer/gateway/openapi/document';
import { batch, type Batch } from '@image-organizer/contracts/http/batch';
import { image, imageList, type Image } from '@image-organizer/contracts/http/image';
import { session } from '@image-organizer/contracts/http/session';
import { uploadAnswer, type UploadAnswer } from '@image-organizer/contracts/http/upload';
import { createAnswerChecker, type AnswerChecker } from '@image-organizer/testing/answer-checker';
import { account } from './server-process.ts';

export interface UploadFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A client of the public API; every answer is checked against the OpenAPI document. */
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
  const answer = await checked(new URL('/login', url), {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
  });
  if (!answer.ok) throw new Error(`login: ${answer.status} ${await answer.text()}`);
  const { accessToken } = session.parse(await answer.json());
  return createClient(url, accessToken);
}

function createClient(url: string, token: string): Client {
  const send: Client['fetch'] = (path, init = {}) =>
    checked(new URL(path, url), { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } });
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

let check: AnswerChecker | undefined;

/** @throws where the answer is none that the OpenAPI document describes. One without a request id comes from a balancer. */
async function checked(url: URL, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (!answer.headers.has('x-request-id')) return answer;
  check ??= createAnswerChecker(createApiDocument());
  const contentType = answer.headers.get('content-type');
  const body = contentType?.includes('json') ? await answer.clone().text() : '';
  const asked = { method: init.method ?? 'GET', path: url.pathname };
  const wrong = check({ ...asked, status: answer.status, contentType, body });
  if (wrong !== undefined) throw new Error(`not as the OpenAPI document has it: ${wrong}`);
  return answer;
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
