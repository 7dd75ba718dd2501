import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { placement } from '@image-organizer/testing/builders';
import { until } from '@image-organizer/testing/until';
import { bitmap, jpeg, png } from './support/files.ts';
import { process, unknownId } from './support/images.ts';
import { catalogOf, readZip } from './support/read-zip.ts';
import { anna, bob, startGateway, type TestGateway } from './support/start-gateway.ts';

/** Blobs opened by the gateway, and what is done to them. */
const opened: Readable[] = [];
let onOpen: (id: string, blob: Readable, real: BlobStore) => Readable | Promise<Readable> = (_id, blob) =>
  blob;

/** An image whose record is gone when catalog.json is written. */
let purged: string | undefined;

let gateway: TestGateway;
const [first, second, third, unplaced] = [jpeg(300_000), png(), jpeg(), bitmap()];
let ids: string[];
beforeAll(async () => {
  gateway = await startGateway({
    catalog: (real) => ({
      ...real,
      findImages: async (wanted) => (await real.findImages(wanted)).filter(({ id }) => id !== purged),
    }),
    blobs: (real) => ({
      ...real,
      async open(id, range) {
        const blob = await onOpen(id, await real.open(id, range), real);
        opened.push(blob);
        return blob;
      },
    }),
  });
  ids = [
    await organized(first, 'shop.jpg', 'Receipts/2024', 'Grand total'),
    await organized(second, 'till.png', 'Receipts/2024'),
    await organized(third, 'lake.jpg', 'Photos'),
    await gateway.uploaded(unplaced, 'new.bmp'),
    await gateway.uploaded(bitmap(), 'new.bmp'),
  ];
});
beforeEach(() => {
  opened.length = 0;
  purged = undefined;
  onOpen = (_id, blob) => blob;
});
afterAll(() => gateway.stop());

async function organized(bytes: Buffer, filename: string, folder: string, text?: string): Promise<string> {
  const id = await gateway.uploaded(bytes, filename);
  await process(gateway, id, text);
  const now = new Date();
  const claim = {
    ownerId: anna.id,
    imageId: id,
    stage: 'organize' as const,
    owner: 'test',
    now,
    leaseMs: 60_000,
  };
  const { epoch } = (await gateway.catalog.claimStage(claim)) as { epoch: number };
  const result = { placement: placement({ folder, filename }) };
  await gateway.catalog.completeStage({ ...claim, epoch }, { result, durationMs: 5, now, event: null });
  return id;
}

async function exported(path: string, owner = anna) {
  const { body, headers } = await gateway.get(path, owner).buffer(true).parse(binary).expect(200);
  const files = await readZip(body as Buffer);
  return { files, catalog: catalogOf(files), headers };
}

const binary: Parameters<ReturnType<TestGateway['get']>['parse']>[0] = (response, done) => {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk as unknown as string, 'binary')));
  response.on('end', () => done(null, Buffer.concat(chunks)));
};

const everything = '/api/folders/export.zip';
const allClosed = () => opened.every(({ destroyed }) => destroyed);

describe('An export', () => {
  it('When a folder is exported, then the ZIP has it with all below it, images as they are, and a catalogue last', async () => {
    const { files, catalog, headers } = await exported(`${everything}?path=Receipts`);
    expect(files.map(({ name }) => name)).toEqual([
      'Receipts/2024/shop.jpg',
      'Receipts/2024/till.png',
      'catalog.json',
    ]);
    expect(files[0]!.bytes.equals(first)).toBe(true);
    expect(files[1]!.bytes.equals(second)).toBe(true);
    expect(files.map(({ stored }) => stored)).toEqual([true, true, false]);
    expect(catalog.missing).toEqual([]);
    expect(catalog.images[0]).toMatchObject({
      id: ids[0],
      file: 'Receipts/2024/shop.jpg',
      filename: 'shop.jpg',
      folder: 'Receipts/2024',
      text: 'Grand total',
      tags: ['receipt'],
      caption: 'Café receipt, 12 € – “lunch”',
      metadata: { width: 20, height: 10, format: 'jpeg' },
    });
    expect(headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename=Receipts.zip',
      'cache-control': 'no-store',
    });
  });

  it('When no folder is named, then it has everything, what is nowhere yet at the top', async () => {
    const { files, catalog } = await exported(everything);
    expect(files.map(({ name }) => name).sort()).toEqual([
      'Photos/lake.jpg',
      'Receipts/2024/shop.jpg',
      'Receipts/2024/till.png',
      'catalog.json',
      'new (2).bmp',
      'new.bmp',
    ]);
    expect(files.find(({ name }) => name === 'new.bmp')).toMatchObject({ stored: false, bytes: unplaced });
    expect(catalog.images.find(({ id }) => id === ids[3])).toMatchObject({ folder: null, status: 'queued' });
  });

  it('When a batch is exported, then the ZIP has that upload alone', async () => {
    const { batchId } = (await gateway.catalog.getImage(anna.id, ids[2]!))!;
    const { files, headers } = await exported(`/api/batches/${batchId}/export.zip`);
    expect(files.map(({ name }) => name)).toEqual(['Photos/lake.jpg', 'catalog.json']);
    expect(headers['content-disposition']).toContain(batchId.slice(0, 8));
  });

  it('When only its head is asked for, then nothing is opened', async () => {
    await gateway.head(everything).expect(200).expect('Content-Type', 'application/zip');
    expect(opened).toEqual([]);
  });
});

describe('Files deleted meanwhile', () => {
  it('When a blob is gone before its turn, then it is skipped and the catalogue names it', async () => {
    const id = await organized(jpeg(), 'gone.jpg', 'Letters');
    const other = await organized(jpeg(), 'other.jpg', 'Letters');
    await gateway.blobs.delete(id);
    const { files, catalog } = await exported(`${everything}?path=Letters`);
    expect(files.map(({ name }) => name)).toEqual(['Letters/other.jpg', 'catalog.json']);
    expect(catalog.missing).toEqual([{ id, file: 'Letters/gone.jpg', reason: 'deleted' }]);
    expect(catalog.images.map((image) => image.id)).toEqual([other]);
  });

  it('When a blob goes while it is read, then its file ends early and the others are whole', async () => {
    const id = await organized(jpeg(), 'brief.jpg', 'Notes');
    const other = await organized(jpeg(), 'long.jpg', 'Notes');
    onOpen = (wanted, blob, real) => (wanted === id ? cut(id, blob, real) : blob);
    const { files, catalog } = await exported(`${everything}?path=Notes`);
    expect(files.map(({ name, bytes }) => [name, bytes.length])).toEqual([
      ['Notes/brief.jpg', 100],
      ['Notes/long.jpg', 2_000],
      ['catalog.json', expect.any(Number)],
    ]);
    expect(catalog.missing).toEqual([{ id, file: 'Notes/brief.jpg', reason: 'deleted-while-read' }]);
    expect(catalog.images.map(({ id: listed }) => listed)).toEqual([other]);
    expect(allClosed()).toBe(true);
  });

  it('When an image is purged after its file was exported, then the catalogue says that nothing else is known of it', async () => {
    purged = ids[0];
    const { files, catalog } = await exported(`${everything}?path=Receipts`);
    expect(files[0]!.bytes.equals(first)).toBe(true);
    expect(catalog.missing).toEqual([{ id: purged, file: files[0]!.name, reason: 'facts-deleted' }]);
    expect(catalog.images.map(({ id }) => id)).toEqual([ids[1]]);
  });

  it('When a store fails that still has the blob, then the connection is cut instead of a wrong ZIP', async () => {
    onOpen = (_id, blob) => {
      blob.destroy();
      return failing();
    };
    await expect(exported(`${everything}?path=Photos`)).rejects.toThrow('aborted');
    await until(async () => allClosed());
  });
});

/** Its first bytes; then it is deleted. */
function cut(id: string, blob: Readable, real: BlobStore): Readable {
  blob.destroy();
  async function* begun() {
    yield Buffer.alloc(100);
    await real.delete(id);
    throw new Error('chunks are missing');
  }
  return Readable.from(begun(), { objectMode: false });
}

function failing(): Readable {
  async function* begun() {
    yield Buffer.alloc(100);
    throw new Error('the store is away');
  }
  return Readable.from(begun(), { objectMode: false });
}

it('When the client goes away, then the blob is closed and no other is opened', async () => {
  let produced = 0;
  onOpen = (_id, blob) => {
    blob.destroy();
    return Readable.from(
      (function* () {
        for (; ; produced++) yield Buffer.alloc(64 * 1024);
      })(),
      { objectMode: false },
    );
  };
  const Authorization = `Bearer ${gateway.auth.tokenOf(anna)}`;
  const sent = get(`${gateway.url}${everything}`, { headers: { Authorization } });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  await once(answer, 'readable'); // and reads no more: what is produced stays bounded by the buffers between
  let before = -1;
  await until(async () => {
    const still = produced === before;
    before = produced;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return still && produced > 0;
  });
  expect(opened).toHaveLength(1);
  sent.destroy();
  await until(async () => allClosed());
  expect(opened).toHaveLength(1);
});

describe('What is not there', () => {
  it('When folder or batch are another owner’s, then they answer as what does not exist', async () => {
    const { batchId } = (await gateway.catalog.getImage(anna.id, ids[0]!))!;
    const paths = [`${everything}?path=Receipts`, `/api/batches/${batchId}/export.zip`];
    for (const path of paths) await gateway.get(path, bob).expect(404);
    const { files, catalog } = await exported(everything, bob);
    expect(files).toHaveLength(1);
    expect(catalog).toMatchObject({ images: [], missing: [] });
  });

  it.each(['path=Nowhere', 'path=..%2F..', 'path=%2F', 'path=Receipt'])(
    'When the query is %s, then there is no such folder',
    async (query) => {
      expect((await gateway.get(`${everything}?${query}`).expect(404)).body.code).toBe('FOLDER_NOT_FOUND');
    },
  );

  it('When a folder is empty, then the ZIP has the catalogue alone', async () => {
    const folder = { ownerId: anna.id, path: 'Empty', description: '', commonWords: [], now: new Date() };
    await gateway.catalog.ensureFolder({ ...folder, createdBy: 'user' });
    expect((await exported(`${everything}?path=Empty`)).files).toHaveLength(1);
  });

  it.each(['path=a&path=b', `path=${'x'.repeat(501)}`])(
    'When the query is %s, then it is 400',
    async (query) => {
      expect((await gateway.get(`${everything}?${query}`).expect(400)).body.code).toBe('INVALID_INPUT');
    },
  );

  it('When the batch is unknown, then it is 404', async () => {
    for (const id of [unknownId, '1', '%00']) await gateway.get(`/api/batches/${id}/export.zip`).expect(404);
  });
});
