import { batch } from '@image-organizer/contracts/http/batch';
import { folderList } from '@image-organizer/contracts/http/folder';
import { image, imageHistory, imageList } from '@image-organizer/contracts/http/image';
import { stats } from '@image-organizer/contracts/http/stats';
import { jpeg, png } from './support/files.ts';
import { fail, process, unknownId } from './support/images.ts';
import { anna, bob, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
let ids: string[];
beforeAll(async () => {
  gateway = await startGateway();
  ids = [
    await gateway.uploaded(jpeg(), 'c.jpg'),
    await gateway.uploaded(png(), 'a.png'),
    await gateway.uploaded(jpeg(), 'b.jpg'),
  ];
  await process(gateway, ids[0]!, 'Grand total');
  await fail(gateway.catalog, ids[1]!, 'extract');
});
afterAll(() => gateway.stop());

const names = async (query: string) => {
  const { items } = imageList.parse((await gateway.get(`/api/images?${query}`).expect(200)).body);
  return items.map(({ filename }) => filename);
};

describe('GET /api/images', () => {
  it.each([
    ['sort=filename', ['a.png', 'b.jpg', 'c.jpg']],
    ['sort=-filename&limit=2', ['c.jpg', 'b.jpg']],
    ['q=tot', ['c.jpg']],
    ['q=', ['b.jpg', 'a.png', 'c.jpg']],
    ['tag=receipt', ['c.jpg']],
    ['status=failed', ['a.png']],
    ['status=processing', ['c.jpg']],
    ['format=jpeg', ['c.jpg']],
    ['folder=Receipts/', []],
    ['from=2000-01-01&to=2000-12-31', []],
    [
      `from=${new Date().toISOString().slice(0, 10)}&to=${new Date(Date.now() + 6e4).toISOString().slice(0, 10)}&sort=filename`,
      ['a.png', 'b.jpg', 'c.jpg'],
    ],
  ])('When the query is %s, then those images are listed', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it('When pages are followed by their cursors, then every image is seen once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await gateway
        .get(`/api/images?limit=1&sort=filename&cursor=${encodeURIComponent(cursor)}`)
        .expect(200);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor as string | null;
    }
    expect(seen).toEqual([ids[1], ids[2], ids[0]]);
  });

  it('When parameters are wrong, then each is named', async () => {
    const { body } = await gateway
      .get('/api/images?limit=0&sort=color&status=lost&batch=x&from=soon')
      .expect(400);
    expect(body.code).toBe('INVALID_INPUT');
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'batch',
      'from',
      'limit',
      'sort',
      'status',
    ]);
  });

  it.each(['nonsense', 'eyJhIjoxfQ'])('When the cursor is %s, then the problem names it', async (cursor) => {
    const { body } = await gateway.get(`/api/images?cursor=${cursor}`).expect(400);
    expect(body).toMatchObject({ code: 'INVALID_INPUT', errors: [{ field: 'cursor' }] });
  });
});

describe('One image', () => {
  it('When it is asked for, then it has the published shape and links that work', async () => {
    const { body } = await gateway.get(`/api/images/${ids[0]}`).expect(200);
    const { links, ...facts } = image.parse(body);
    expect(facts).toMatchObject({
      id: ids[0],
      filename: 'c.jpg',
      text: 'Grand total',
      tags: ['receipt'],
      placement: null,
    });
    for (const link of [
      links.self,
      links.original,
      links.text,
      links.compressed,
      links.thumbnails.small,
      links.history,
    ]) {
      await gateway.get(link).expect(200);
    }
  });

  it('When its history is asked for, then it begins with the upload and names what failed', async () => {
    const { items } = imageHistory.parse(
      (await gateway.get(`/api/images/${ids[1]}/history`).expect(200)).body,
    );
    expect(items[0]).toMatchObject({ stage: 'upload', event: 'accepted' });
    expect(items.at(-1)).toMatchObject({ stage: 'extract', event: 'failed', error: { code: 'DAMAGED' } });
  });

  it('When it is retried, then only what failed begins again', async () => {
    const id = await gateway.uploaded(jpeg());
    await fail(gateway.catalog, id, 'extract');
    await gateway.post(`/api/images/${id}/retry`).send({ stage: 'classify' }).expect(409);
    gateway.relayHint.mockClear();
    const { body } = await gateway.post(`/api/images/${id}/retry`).expect(202);
    expect(image.parse(body)).toMatchObject({
      status: 'processing',
      stages: { extract: { status: 'pending' } },
    });
    expect(gateway.relayHint).toHaveBeenCalled();
    const due = await gateway.catalog.dueOutbox(1_000);
    expect(
      due.filter(
        ({ event, data }) => event === 'image.uploaded' && (data as { imageId: string }).imageId === id,
      ),
    ).not.toEqual([]);
    expect((await gateway.post(`/api/images/${id}/retry`).expect(409)).body.code).toBe('NOTHING_TO_RETRY');
  });

  it('When the stage to retry is unknown, then it is 400', async () => {
    await gateway.post(`/api/images/${ids[1]}/retry`).send({ stage: 'paint' }).expect(400);
  });
});

describe('Batches, folders and statistics', () => {
  it.each(['/api/batches', '/status', '/check-status'])(
    'When %s is asked for an upload, then its progress is told',
    async (path) => {
      const { batchId } = (await gateway.catalog.getImage(anna.id, ids[1]!))!;
      const told = batch.parse((await gateway.get(`${path}/${batchId}`).expect(200)).body);
      expect(told).toMatchObject({
        id: batchId,
        status: 'open',
        total: 1,
        organized: 0,
        failed: 1,
        completedAt: null,
      });
      expect(told.images.items.map(({ id }) => id)).toEqual([ids[1]]);
    },
  );

  it('When there are folders, then they are listed with their counts', async () => {
    const folder = {
      ownerId: anna.id,
      path: 'Receipts',
      description: 'Of shops',
      commonWords: ['total'],
      createdBy: 'auto' as const,
    };
    await gateway.catalog.ensureFolder({ ...folder, now: new Date() });
    const { items, nextCursor } = folderList.parse((await gateway.get('/api/folders').expect(200)).body);
    expect(items).toEqual([
      { path: 'Receipts', description: 'Of shops', commonWords: ['total'], count: 0, createdBy: 'auto' },
    ]);
    expect(nextCursor).toBeNull();
  });

  it('When statistics are asked for, then they count this owner’s images', async () => {
    expect(
      stats.parse((await gateway.get('/api/stats').expect(200)).body).images.total,
    ).toBeGreaterThanOrEqual(3);
    expect((await gateway.get('/api/stats', bob).expect(200)).body.images.total).toBe(0);
  });
});

describe('Isolation', () => {
  const paths = [
    '',
    '/original',
    '/text',
    '/compressed',
    '/thumbnails/small',
    '/thumbnails/medium',
    '/history',
  ];
  const everything = (id: string) => [
    ...paths.map((path) => `/api/images/${id}${path}`),
    `/download?fid=${id}`,
    `/download?fid=${id}.text`,
  ];

  it('When the image is another owner’s, then it answers as one that does not exist', async () => {
    for (const path of everything(ids[0]!)) {
      const theirs = await gateway.get(path, bob).expect(404);
      const nobodys = await gateway.get(path.replace(ids[0]!, unknownId), bob).expect(404);
      expect({ ...theirs.body, requestId: null }).toEqual({ ...nobodys.body, requestId: null });
    }
    await gateway.post(`/api/images/${ids[1]}/retry`, bob).expect(404);
    const { batchId } = (await gateway.catalog.getImage(anna.id, ids[0]!))!;
    for (const path of ['/api/batches', '/status', '/check-status'])
      await gateway.get(`${path}/${batchId}`, bob).expect(404);
    expect((await gateway.get(`/api/images?batch=${batchId}`, bob).expect(200)).body.items).toEqual([]);
    expect((await gateway.get('/api/folders', bob).expect(200)).body.items).toEqual([]);
  });

  it.each(['1', '..%2f..%2fetc', "'%20or%201", '%00', 'x'.repeat(500)])(
    'When the id is %s, then it is 404',
    async (id) => {
      for (const path of [...everything(id), `/api/batches/${id}`, `/status/${id}`])
        await gateway.get(path).expect(404);
      await gateway.post(`/api/images/${id}/retry`).expect(404);
    },
  );
});
