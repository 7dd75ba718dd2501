import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { ImportRow, ImportUrl } from '@image-organizer/adapters/catalog/imports';
import type { ImportError } from '@image-organizer/contracts/http/import';
import { newImage, outboxEntry } from '@image-organizer/testing/builders';
import { parse } from 'csv-parse/sync';
import { csvLines } from '../src/domain/csv-lines.ts';
import { jpeg } from './support/files.ts';
import { fail, process, unknownId } from './support/images.ts';
import { multipart, sendRaw, wholeBody } from './support/raw-request.ts';
import { anna, bob, startGateway, type TestGateway } from './support/start-gateway.ts';

const header = 'Serial Number,Product Name,Input Image Urls';
const url = (name: string) => `https://example.org/${name}`;
const good = `${header}\n1,Kettle,"${url('a.jpg')}, ${url('b.jpg')}"\n2,Pan,${url('c.jpg')}\n`;
const mixed = `${good}3,Cup,ftp://example.org/d.jpg\n4,Lid,\n`;

let published: string | null = null;
let storesFail = false;
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({
    publicImageUrl: (imageId) => published && `${published}/${imageId}.jpg`,
    catalog: (real) => ({
      ...real,
      addImportRows: async (rows) => {
        if (storesFail) throw new Error('the disk is full');
        return real.addImportRows(rows);
      },
    }),
  });
});
afterEach(() => {
  published = null;
  storesFail = false;
});
afterAll(() => gateway.stop());

const send = (csv: string | Buffer, path = '/api/imports', owner = anna) =>
  gateway.post(path, owner).attach('products', Buffer.from(csv as string), { filename: 'products.csv' });

async function imported(csv = good, owner = anna): Promise<string> {
  const { body } = await send(csv, '/api/imports', owner).expect(202);
  return body.id as string;
}

/** Plays the importer: fetches what `fetch` gives an image for, and settles the next row. */
async function fetchRow(
  importId: string,
  fetch: (url: string) => Promise<string | null>,
): Promise<ImportRow | undefined> {
  const { catalog } = gateway;
  const row = await catalog.claimImportRow({ importId, owner: 'test', now: new Date(), leaseMs: 60_000 });
  if (!row) return undefined;
  const urls: ImportUrl[] = [];
  for (const each of row.urls) {
    const imageId = each.status === 'pending' ? await fetch(each.url) : null;
    const error = { code: 'NOT_FOUND', detail: 'The server answered 404.' };
    if (imageId) urls.push({ ...each, status: 'fetched', imageId });
    else urls.push(each.status === 'pending' ? { ...each, status: 'failed', error } : each);
  }
  const status = urls.some(({ imageId }) => imageId) ? 'done' : 'failed';
  await catalog.settleImportRow(row, { urls, status, dueAt: row.dueAt });
  return { ...row, urls };
}

/** An image of the import, as the importer makes it. */
async function fetchedImage(importId: string, ownerId = anna.id): Promise<string> {
  const image = newImage({ ownerId, batchId: importId });
  await gateway.blobs.put(originalBlobId(image.id), Readable.from([jpeg()]));
  await gateway.catalog.acceptImage(image, outboxEntry());
  return image.id;
}

async function finish(importId: string): Promise<void> {
  await gateway.catalog.finishImport(importId, new Date());
  await gateway.catalog.sealBatch(importId);
}

const csvOf = async (path: string, owner = anna) => {
  const { text, headers } = await gateway.get(path, owner).expect(200);
  return { rows: parse(text), headers };
};

const statusOf = async (id: string) => (await gateway.get(`/api/imports/${id}`).expect(200)).body;

describe('Sending a CSV', () => {
  afterEach(async () => expect(await gateway.leftovers()).toEqual([]));

  it('When a CSV is sent, then its rows are recorded, importers are told, and the answer says where to look.', async () => {
    const { body, headers } = await send(mixed).expect(202);
    expect(body).toMatchObject({
      filename: 'products.csv',
      status: 'running',
      rows: { total: 4, done: 0, failed: 2 },
      images: { total: 0, organized: 0, failed: 0 },
      completedAt: null,
    });
    expect(body.errors).toEqual<ImportError[]>([
      {
        row: 4,
        column: 'Input Image Urls',
        value: 'ftp://example.org/d.jpg',
        code: 'URL_NOT_HTTP',
        detail: 'Only URLs that begin with http:// or https:// are fetched.',
      },
      {
        row: 5,
        column: 'Input Image Urls',
        value: '',
        code: 'NO_URL',
        detail: 'There is no URL in the row.',
      },
    ]);
    expect(headers.location).toBe(`/api/imports/${body.id}`);
    expect(await statusOf(body.id as string)).toEqual(body);
    const hint = gateway.relayHint.mock.calls.at(-1)![0];
    expect(hint).toMatchObject({ event: 'import.requested', data: { importId: body.id, ownerId: anna.id } });
    expect(await gateway.catalog.getBatch(anna.id, body.id as string)).toMatchObject({
      kind: 'import',
      status: 'receiving',
      notify: true,
      callbackUrl: null,
    });
  });

  it('When it comes with wishes, then they are kept for its images, be they before or behind the file.', async () => {
    const { body } = await gateway
      .post('/api/imports')
      .field('notify', 'false')
      .attach('file', Buffer.from(good), 'products.csv')
      .field('folder', 'Products/ 2026')
      .field('callbackUrl', 'https://example.org/hook')
      .expect(202);
    expect(await gateway.catalog.getImport(anna.id, body.id as string)).toMatchObject({
      folder: 'Products/2026',
    });
    expect(await gateway.catalog.getBatch(anna.id, body.id as string)).toMatchObject({
      notify: false,
      callbackUrl: 'https://example.org/hook',
    });
  });

  it.each(['text/csv', 'text/plain; charset=utf-8', 'application/octet-stream'])(
    'When the body is the CSV itself, of type %s, then it is imported.',
    async (type) => {
      const { body } = await gateway
        .post('/api/imports?filename=shop.csv&notify=false&folder=Shop')
        .set('Content-Type', type)
        .send(good)
        .expect(202);
      expect(body).toMatchObject({ filename: 'shop.csv', rows: { total: 2, done: 0, failed: 0 } });
      expect(await gateway.catalog.getImport(anna.id, body.id as string)).toMatchObject({ folder: 'Shop' });
    },
  );

  it('When a CSV is sent twice with one key, then there is one import; the key of an upload is refused.', async () => {
    const key = randomUUID();
    const first = await send(good).set('Idempotency-Key', key).expect(202);
    const second = await send(good).set('Idempotency-Key', key).expect(202);
    expect(second.body.id).toBe(first.body.id);
    const other = randomUUID();
    await gateway.post('/upload').set('Idempotency-Key', other).attach('file', jpeg(), 'a.jpg').expect(202);
    const { body } = await send(good).set('Idempotency-Key', other).expect(422);
    expect(body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    const images = await gateway.post('/upload').set('Idempotency-Key', key).attach('file', jpeg(), 'a.jpg');
    expect(images.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('When the store fails in the middle, then nothing is kept, and the same key works later.', async () => {
    const key = randomUUID();
    storesFail = true;
    const { body } = await send(good).set('Idempotency-Key', key).expect(503);
    expect(body.code).toBe('STORAGE_UNAVAILABLE');
    const before = await gateway.get('/api/imports').expect(200);
    storesFail = false;
    const again = await send(good).set('Idempotency-Key', key).expect(202);
    expect(again.body).toMatchObject({ rows: { total: 2 } });
    const after = await gateway.get('/api/imports').expect(200);
    expect(after.body.items).toHaveLength(before.body.items.length + 1);
  });

  const refused: [what: string, csv: string | Buffer, status: number, code: string][] = [
    ['has no header', `1,Kettle,${url('a.jpg')}\n`, 422, 'MISSING_HEADER'],
    ['has a header alone', `${header}\n\n`, 422, 'NOTHING_TO_IMPORT'],
    ['has no URL that can be fetched', `${header}\n1,Kettle,\n2,Pan,nothing\n`, 422, 'NOTHING_TO_IMPORT'],
    ['is empty', '', 422, 'EMPTY_FILE'],
    ['is an image', jpeg(), 415, 'UNREADABLE_CSV'],
    ['is UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le'), 415, 'UNREADABLE_CSV'],
    [
      'turns into something else behind its beginning',
      Buffer.concat([Buffer.from(good.repeat(300)), Buffer.alloc(100)]),
      415,
      'UNREADABLE_CSV',
    ],
    ['has too many rows', `${header}\n${`1,Kettle,${url('a.jpg')}\n`.repeat(1_001)}`, 413, 'TOO_MANY_ROWS'],
    [
      'is too large',
      `${header}\n${`1,${'x'.repeat(1_200)},${url('a.jpg')}\n`.repeat(900)}`,
      413,
      'FILE_TOO_LARGE',
    ],
  ];
  it.each(refused)(
    'When it %s, then it is refused and nothing is kept.',
    async (_what, csv, status, code) => {
      const count = async () => (await gateway.get('/api/imports?limit=100').expect(200)).body.items.length;
      const before = await count();
      const { body } = await send(csv).expect(status);
      expect(body.code).toBe(code);
      const raw = await gateway.post('/api/imports').set('Content-Type', 'text/csv').send(csv).expect(status);
      expect(raw.body.code).toBe(code);
      expect(await count()).toBe(before);
      expect(await gateway.catalog.expiredImports(new Date(Date.now() + 1e12), 10)).toEqual([]);
    },
  );

  it('When there is no CSV, or wishes are wrong, then it is refused.', async () => {
    for (const [path, type, code] of [
      ['/api/imports', 'application/json', 'NO_FILE'],
      ['/api/imports?notify=maybe', 'text/csv', 'INVALID_INPUT'],
      ['/api/imports?callbackUrl=ftp://example.org', 'text/csv', 'INVALID_INPUT'],
    ]) {
      const { body } = await gateway.post(path!).set('Content-Type', type!).send(good).expect(400);
      expect(body.code).toBe(code);
    }
    expect((await gateway.post('/api/imports').field('notify', 'true').expect(400)).body.code).toBe(
      'NO_FILE',
    );
  });

  it('When a body is cut, then nothing of it is kept.', async () => {
    const headers = { ...multipart, Authorization: `Bearer ${gateway.auth.tokenOf(anna)}` };
    const whole = wholeBody([{ filename: 'products.csv', content: good }]);
    const { status, body } = await sendRaw(`${gateway.url}/api/imports`, headers, whole.subarray(0, -20));
    expect([status, body.code]).toEqual([400, 'MALFORMED_UPLOAD']);
  });
});

describe('A CSV among uploads', () => {
  afterEach(async () => expect(await gateway.leftovers()).toEqual([]));

  it.each(['/upload', '/upload-csv'])('When a CSV is sent to %s, then it is an import.', async (path) => {
    const { body } = await gateway.post(path).attach('file', Buffer.from(good), 'products.txt').expect(202);
    expect(body).toMatchObject({ filename: 'products.txt', status: 'running', rows: { total: 2 } });
  });

  it('When a CSV is sent with images, then it is refused beside them: it is to come alone.', async () => {
    const { body } = await gateway
      .post('/upload')
      .attach('one', jpeg(), 'a.jpg')
      .attach('two', Buffer.from(good), 'products.csv')
      .expect(202);
    expect(body.images).toHaveLength(1);
    expect(body.refused).toMatchObject([{ filename: 'products.csv', code: 'CSV_NOT_ALONE' }]);
    const twice = await gateway
      .post('/upload')
      .attach('one', Buffer.from(good), 'a.csv')
      .attach('two', Buffer.from(good), 'b.csv')
      .expect(422);
    expect(twice.body.code).toBe('CSV_NOT_ALONE');
  });

  it('When another text is uploaded, or a CSV as an image, then it is no image.', async () => {
    for (const [path, text] of [
      ['/upload', 'Name,Price\nKettle,9\n'],
      ['/api/images', good],
    ]) {
      const { body } = await gateway.post(path!).attach('file', Buffer.from(text!), 'a.csv').expect(415);
      expect(body.code).toBe('UNSUPPORTED_IMAGE');
    }
  });
});

describe('Following an import', () => {
  it('When its images are fetched, then counts, rows, output and errors tell what became of each.', async () => {
    const id = await imported(mixed);
    const made: string[] = [];
    await fetchRow(id, async (given) => {
      if (given !== url('a.jpg')) return null;
      made.push(await fetchedImage(id));
      return made.at(-1)!;
    });
    await fetchRow(id, async () => null);
    expect(await fetchRow(id, async () => null)).toBeUndefined();
    await finish(id);
    await process(gateway, made[0]!);

    const body = await statusOf(id);
    expect(body).toMatchObject({
      status: 'running', // its image is not organised yet
      rows: { total: 4, done: 1, failed: 3 },
      images: { total: 1, organized: 0, failed: 0 },
      completedAt: null,
    });
    expect(body.errors.map(({ row, code }: ImportError) => [row, code])).toEqual([
      [2, 'NOT_FOUND'],
      [3, 'NOT_FOUND'],
      [4, 'URL_NOT_HTTP'],
      [5, 'NO_URL'],
    ]);

    const rows = await gateway.get(`/api/imports/${id}/rows?limit=2`).expect(200);
    expect(rows.body.items).toMatchObject([
      {
        row: 2,
        serialNumber: '1',
        productName: 'Kettle',
        status: 'done',
        urls: [
          { url: url('a.jpg'), status: 'fetched', imageId: made[0], error: null },
          { url: url('b.jpg'), status: 'failed', imageId: null, error: { code: 'NOT_FOUND' } },
        ],
      },
      { row: 3, status: 'failed', attempts: 1 },
    ]);
    const rest = await gateway.get(`/api/imports/${id}/rows?cursor=${rows.body.nextCursor}`).expect(200);
    expect(rest.body.items.map(({ row }: { row: number }) => row)).toEqual([4, 5]);
    expect(rest.body.nextCursor).toBeNull();
    const failed = await gateway.get(`/api/imports/${id}/rows?failed=true&limit=1`).expect(200);
    expect(failed.body).toMatchObject({ items: [{ row: 2 }], nextCursor: '2' });
    await gateway.get(`/api/imports/${id}/rows?cursor=nonsense`).expect(400);

    const output = await csvOf(`/api/imports/${id}/output.csv`);
    expect(output.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename=products-output.csv',
    });
    const link = output.rows[1]![3]!.replace(/,$/, '');
    expect(output.rows).toEqual([
      ['Serial Number', 'Product Name', 'Input Image Urls', 'Output Image Urls'],
      ['1', 'Kettle', `${url('a.jpg')},${url('b.jpg')}`, `${link},`],
      ['2', 'Pan', url('c.jpg'), ''],
      ['3', 'Cup', 'ftp://example.org/d.jpg', ''],
      ['4', 'Lid', '', ''],
    ]);
    expect(link.startsWith(`${gateway.url}/download?fid=${made[0]}.compressed&`)).toBe(true);
    const image = await fetch(link); // without a token
    expect([image.status, await image.text()]).toEqual([200, 'a small rendition']);
    expect((await fetch(link.replace('compressed', 'text'))).status).toBe(403);

    published = 'https://bucket.example.org';
    const again = await csvOf(`/download-output-csv/${id}`);
    expect(again.rows[1]![3]).toBe(`${published}/${made[0]}.jpg,`);

    const errors = await csvOf(`/api/imports/${id}/errors.csv`);
    expect(errors.rows).toEqual([
      ['Serial Number', 'Product Name', 'Input Image Urls', 'Error'],
      ['1', 'Kettle', url('b.jpg'), 'NOT_FOUND: The server answered 404.'],
      ['2', 'Pan', url('c.jpg'), 'NOT_FOUND: The server answered 404.'],
      ['3', 'Cup', 'ftp://example.org/d.jpg', expect.stringContaining('URL_NOT_HTTP')],
      ['4', 'Lid', '', expect.stringContaining('NO_URL')],
    ]);
  });

  it('When errors.csv is sent again as it is, then only what failed is to be fetched.', async () => {
    const id = await imported(`${header}\n=1+1,"Kettle, 2 ""l""","${url('a.jpg')},${url('b.jpg')}"\n`);
    await fetchRow(id, async (given) => (given === url('a.jpg') ? fetchedImage(id) : null));
    const { text } = await gateway.get(`/api/imports/${id}/errors.csv`).expect(200);
    expect(text).toContain("'=1+1,");
    const again = await imported(text);
    const { body } = await gateway.get(`/api/imports/${again}/rows`).expect(200);
    expect(body.items).toMatchObject([
      { row: 2, serialNumber: '=1+1', productName: 'Kettle, 2 "l"', urls: [{ url: url('b.jpg') }] },
    ]);
    expect(body.items[0].urls).toHaveLength(1);
  });

  it('When an image cannot be read or is deleted, then it has no link; one that is not read yet has one.', async () => {
    const id = await imported(`${header}\n1,Kettle,"${url('a')},${url('b')},${url('c')}"\n`);
    const made: string[] = [];
    await fetchRow(id, async () => {
      made.push(await fetchedImage(id));
      return made.at(-1)!;
    });
    await fail(gateway.catalog, made[0]!, 'extract');
    await gateway.delete(`/api/images/${made[1]}`).expect(204);
    const { rows } = await csvOf(`/api/imports/${id}/output.csv`);
    const links = rows[1]![3]!.split(',');
    expect(links).toEqual(['', '', expect.stringContaining(made[2]!)]);
    expect((await fetch(links[2]!)).status).toBe(202);
  });

  it('When imports are listed, then the owner’s come page by page, the newest first.', async () => {
    const carla = { id: randomUUID(), email: 'carla@example.com' };
    const ids = [await imported(good, carla), await imported(good, carla), await imported(good, carla)];
    const first = await gateway.get('/api/imports?limit=2', carla).expect(200);
    const second = await gateway
      .get(`/api/imports?limit=2&cursor=${first.body.nextCursor}`, carla)
      .expect(200);
    const seen = [...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(second.body.nextCursor).toBeNull();
    await gateway.get('/api/imports?cursor=nonsense', carla).expect(400);
    await gateway.get('/api/imports?limit=0', carla).expect(400);
  });

  it('When the familiar commands ask, then they answer for an import and for an upload.', async () => {
    const id = await imported();
    const upload = await gateway.post('/upload').attach('file', jpeg(), 'a.jpg').expect(202);
    for (const path of ['/status', '/check-status']) {
      expect((await gateway.get(`${path}/${id}`).expect(200)).body).toEqual(await statusOf(id));
      const batch = await gateway.get(`${path}/${upload.body.batchId}`).expect(200);
      expect(batch.body).toMatchObject({ id: upload.body.batchId, total: 1 });
      await gateway.get(`${path}/${unknownId}`).expect(404);
    }
  });

  it.each(['/api/imports/sample.csv', '/download-input-csv'])(
    'When the sample of %s is sent as it is, then it is an import without errors.',
    async (path) => {
      const { text, headers } = await gateway.get(path).expect(200);
      expect(headers['content-disposition']).toBe('attachment; filename=sample.csv');
      expect((await send(text).expect(202)).body).toMatchObject({ errors: [], rows: { total: 2 } });
    },
  );
});

describe('Steering an import', () => {
  const post = (id: string, verb: string, owner = anna) => gateway.post(`/api/imports/${id}/${verb}`, owner);

  it('When it is paused, then nothing is fetched until it goes on, and importers are told.', async () => {
    const id = await imported();
    gateway.relayHint.mockClear();
    for (const _ of [1, 2]) expect((await post(id, 'pause').expect(200)).body.status).toBe('paused');
    expect(await fetchRow(id, async () => null)).toBeUndefined();
    expect(gateway.relayHint).not.toHaveBeenCalled();
    expect((await post(id, 'resume').expect(200)).body.status).toBe('running');
    expect(gateway.relayHint.mock.calls).toMatchObject([
      [{ event: 'import.requested', data: { importId: id } }],
    ]);
    expect(await fetchRow(id, async () => null)).toMatchObject({ row: 2 });
  });

  it('When it is cancelled, then nothing more is fetched, and it cannot go on.', async () => {
    const id = await imported();
    expect((await post(id, 'cancel').expect(200)).body.status).toBe('cancelled');
    expect(await fetchRow(id, async () => null)).toBeUndefined();
    expect((await post(id, 'resume').expect(409)).body.code).toBe('IMPORT_IS_OVER');
    await post(id, 'pause').expect(409);
    await post(id, 'cancel').expect(200);
  });

  it('When it is somebody else’s or nobody’s, then there is no such import.', async () => {
    const id = await imported();
    for (const path of ['', '/rows', '/output.csv', '/errors.csv'])
      for (const [owner, wanted] of [
        [bob, id],
        [anna, unknownId],
        [anna, 'nonsense'],
      ] as const)
        expect((await gateway.get(`/api/imports/${wanted}${path}`, owner).expect(404)).body.code).toBe(
          'IMPORT_NOT_FOUND',
        );
    for (const verb of ['pause', 'resume', 'cancel']) await post(id, verb, bob).expect(404);
    for (const path of ['/status', '/check-status', '/download-output-csv'])
      await gateway.get(`${path}/${id}`, bob).expect(404);
    expect(await statusOf(id)).toMatchObject({ status: 'running' });
    expect((await gateway.get('/api/imports', bob).expect(200)).body.items).toEqual([]);
  });
});

describe('A CSV that is written', () => {
  const cells: [given: string, written: string][] = [
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1+1', "'＝1+1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['a=1', 'a=1'],
    ['1-1', '1-1'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
  ];
  it.each(cells)('When a cell is %j, then it is written as %j.', (given, written) => {
    expect(csvLines([[given]])).toBe(`${written}\r\n`);
  });
});
