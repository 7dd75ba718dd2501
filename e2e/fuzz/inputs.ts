import { readFileSync } from 'node:fs';
import { operations } from '@image-organizer/gateway/openapi/operations/index';
import { oddImages } from '../support/odd-images.ts';
import { ownSamples } from '../support/samples.ts';
import { mutateBytes, mutateJsonText, oneOf } from './mutate.ts';

type Random = () => number;

/** One request that nobody should send. */
export interface Attempt {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | FormData;
}

const filenames = [
  ...[
    'scan.jpg',
    '',
    '.',
    '..',
    '../../etc/passwd',
    'a/b\\c.png',
    'x'.repeat(5_000),
    'a\r\nSet-Cookie: x=1.jpg',
  ],
  ...[
    '\u202egpj.exe',
    '名前.webp',
    '=1+1.csv',
    'con.tif',
    '"quoted".gif',
    '%00.png',
    '<img src=x>.jpg',
    '\ufeff',
  ],
];

/** Small images of every format, to be damaged. */
export async function imageSeeds(): Promise<Buffer[]> {
  const odd = await oddImages();
  const files = [
    ...[odd.good('a.png'), odd.corruptHeader(), odd.headerOnly(), await odd.truncatedJpeg()],
    ...[await odd.cmykJpeg(), await odd.animatedGif(), await odd.sixteenBitPng()],
  ].map(({ bytes }) => Buffer.from(bytes));
  const samples = ownSamples()
    .map(({ path }) => readFileSync(path))
    .filter(({ length }) => length < 200_000);
  return [...files, ...samples];
}

const csvSeeds = [
  'Serial Number,Product Name,Input Image Urls\n1,SKU1,"http://127.0.0.1:1/a.jpg, http://127.0.0.1:1/b.jpg"\n2,SKU2,http://127.0.0.1:1/c.jpg\n',
  '\ufeffserial number;product name;input image urls\r\n1;Ä;http://127.0.0.1:1/a.jpg\r\n\r\n2;=1+1;ftp://x/y\r\n',
  'Serial Number,Product Name,Input Image Urls\n1,"a ""quoted"" name",http://127.0.0.1:1/1.png,http://127.0.0.1:1/2.png\n',
];

/** Ten damaged images in one upload. */
export function imageAttempt(seeds: Buffer[], random: Random): Attempt {
  const form = new FormData();
  for (let file = 0; file < 10; file++) {
    const bytes = new Uint8Array(mutateBytes(oneOf(random, seeds), random));
    form.append(
      oneOf(random, ['file', 'image', '__proto__', 'a[b][c]', '']),
      new Blob([bytes]),
      oneOf(random, filenames),
    );
  }
  if (random() < 0.2) form.append('folder', oneOf(random, filenames));
  return { method: 'POST', path: '/upload', headers: {}, body: form };
}

/** A damaged CSV, as a file or as the body. */
export function csvAttempt(random: Random): Attempt {
  const csv = mutateBytes(Buffer.from(oneOf(random, csvSeeds)), random);
  const path = oneOf(random, ['/api/imports', '/upload', '/upload-csv']);
  if (path === '/api/imports' && random() < 0.3)
    return { method: 'POST', path, headers: { 'content-type': 'text/csv' }, body: new Uint8Array(csv) };
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(csv)]), oneOf(random, filenames));
  return { method: 'POST', path, headers: {}, body: form };
}

interface JsonOperation {
  method: string;
  path: string;
  example: unknown;
}

/** Every call that takes JSON, with its example. Those that would end the session of the attacker are left out. */
export function jsonOperations(): JsonOperation[] {
  return operations.flatMap(({ method, path, body }) => {
    const example = (body?.content as Record<string, { example?: unknown }> | undefined)?.['application/json']
      ?.example;
    return example === undefined || path.startsWith('/api/admin/users')
      ? []
      : [{ method: method.toUpperCase(), path, example }];
  });
}

const oddIds = [
  '00000000-0000-4000-8000-000000000000',
  'x',
  '..%2f..',
  '%00',
  '%ff',
  '__proto__',
  '1e999',
  "'",
  '%F0%9F%92%A9',
];
const oddQueries = [
  'limit=-1',
  'limit=1e9',
  'cursor=%00',
  'q=%22',
  'q=*',
  'folder=%2e%2e',
  'from=x',
  'a[$gt]=1',
  'path=/',
  'q=AND+OR+NOT',
];

/** A call with a damaged JSON body, or with an odd id and query. */
export function jsonAttempt(calls: JsonOperation[], ids: string[], random: Random): Attempt {
  const { method, path, example } = oneOf(random, calls);
  const filled = path.replaceAll(/\{[^}]+\}/g, () =>
    oneOf(random, random() < 0.5 && ids.length > 0 ? ids : oddIds),
  );
  const query = random() < 0.3 ? `?${oneOf(random, oddQueries)}&${oneOf(random, oddQueries)}` : '';
  return {
    ...{ method, path: filled + query, headers: { 'content-type': 'application/json' } },
    body: new Uint8Array(mutateJsonText(example, random)),
  };
}
