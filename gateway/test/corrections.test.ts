import { image, imageHistory, imageList, type Image } from '@image-organizer/contracts/http/image';
import { organizeResult } from '@image-organizer/testing/builders';
import { jpeg } from './support/files.ts';
import { fail, process, unknownId } from './support/images.ts';
import { anna, bob, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

/** Anna's image, in its folder as a machine would put it there. */
async function placed(filename = 'a.jpg', folder = 'Receipts'): Promise<string> {
  const imageId = await gateway.uploaded(jpeg(), filename);
  await process(gateway, imageId);
  await organize(imageId, filename, folder);
  await publishAll();
  return imageId;
}

async function organize(imageId: string, filename: string, folder: string) {
  const { catalog } = gateway;
  const [now, stage] = [new Date(), 'organize'] as const;
  const request = { ownerId: anna.id, imageId, stage, owner: 'test', now, leaseMs: 60_000 };
  const claim = await catalog.claimStage(request);
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  const result = organizeResult({ folder, filename });
  const held = { imageId, stage, epoch: claim.epoch };
  expect(await catalog.completeStage(held, { result, durationMs: 1, now, event: null })).toBe('committed');
}

async function publishAll() {
  const entries = await gateway.catalog.dueOutbox(1_000);
  for (const entry of entries) await gateway.catalog.markPublished(entry);
  gateway.relayHint.mockClear();
}

const dueEvents = async () =>
  (await gateway.catalog.dueOutbox(1_000)).map(({ event, data }) => ({ event, data }));
const get = async (id: string): Promise<Image> =>
  image.parse((await gateway.get(`/api/images/${id}`).expect(200)).body);
const correct = (id: string, body: object, status = 200) =>
  gateway.patch(`/api/images/${id}`).send(body).expect(status);
const folders = async () =>
  (await gateway.get('/api/folders').expect(200)).body.items as { path: string; createdBy: string }[];

describe('PATCH /api/images/:id', () => {
  it('When a person says all of an image, then it is so, its history says who, and the organizer is told of both places', async () => {
    const id = await placed();
    const { body } = await correct(id, {
      folder: ' shopping /../Acme: ',
      filename: '../up/renamed.jpg',
      caption: ' My caption\u0000 ',
      tags: ['acme', 'acme', ' tax '],
    });
    expect(image.parse(body)).toMatchObject({
      filename: 'renamed.jpg',
      caption: 'My caption',
      tags: ['acme', 'tax'],
      placement: { folder: 'shopping/Acme', filename: 'renamed.jpg', by: 'user', needsReview: false },
    });
    expect(await get(id)).toEqual(body);
    expect(await folders()).toMatchObject([{ path: 'shopping/Acme', createdBy: 'user', count: 1 }]);
    const { items } = imageHistory.parse((await gateway.get(`/api/images/${id}/history`)).body);
    expect(items.at(-1)).toMatchObject({
      event: 'corrected',
      by: anna.email,
      fields: ['folder', 'filename', 'caption', 'tags'],
    });
    expect(await dueEvents()).toMatchObject([
      {
        event: 'image.organized',
        data: {
          imageId: id,
          folder: 'shopping/Acme',
          filename: 'renamed.jpg',
          from: { folder: 'Receipts', filename: 'a.jpg' },
        },
      },
    ]);
    expect(gateway.relayHint).toHaveBeenCalledTimes(1);
  });

  it('When the name is taken in the folder, then the image gets the next one; the case of a folder makes no other', async () => {
    await placed('a.jpg', 'Letters');
    await gateway.catalog.ensureFolder({
      ownerId: anna.id,
      path: 'Letters',
      description: '',
      commonWords: [],
      createdBy: 'auto',
      now: new Date(),
    });
    const id = await placed('a.jpg', 'Receipts');
    await correct(id, { folder: 'LETTERS' });
    expect((await get(id)).placement).toMatchObject({ folder: 'Letters', filename: 'a (2).jpg' });
    expect(await folders()).toHaveLength(1);
  });

  it('When two images want one place at once, then each gets its own name', async () => {
    const ids = [await placed('a.jpg'), await placed('b.jpg'), await placed('c.jpg')];
    await Promise.all(ids.map((id) => correct(id, { folder: 'New', filename: 'same.jpg' })));
    const names = await Promise.all(ids.map(async (id) => (await get(id)).placement!.filename));
    expect(names.sort()).toEqual(['same (2).jpg', 'same (3).jpg', 'same.jpg']);
  });

  it('When the image is still on its way, then the words wait for the organizer', async () => {
    const id = await gateway.uploaded(jpeg(), 'a.jpg');
    await publishAll();
    await correct(id, { folder: 'Mine', caption: 'My words' });
    expect(await dueEvents()).toEqual([]);
    await process(gateway, id);
    const [found] = await gateway.catalog.findImages([id]);
    expect(found).toMatchObject({
      requestedFolder: 'Mine',
      caption: 'My words',
      tags: ['receipt'],
      placement: null,
    });
  });

  it('When the organizer works on it, then it begins anew with the words', async () => {
    const id = await gateway.uploaded(jpeg(), 'a.jpg');
    await process(gateway, id);
    const request = { ownerId: anna.id, imageId: id, owner: 'test', now: new Date(), leaseMs: 60_000 };
    await gateway.catalog.claimStage({ ...request, stage: 'organize' });
    await publishAll();
    await correct(id, { folder: 'Mine' });
    expect(await dueEvents()).toMatchObject([{ event: 'image.classified', data: { imageId: id } }]);
  });

  it.each([
    [{}, ''],
    [{ folder: '' }, 'folder'],
    [{ folder: '///' }, 'folder'],
    [{ filename: '' }, 'filename'],
    [{ tags: 'one' }, 'tags'],
    [{ caption: 7 }, 'caption'],
    [{ caption: 'x'.repeat(2_001) }, 'caption'],
    [{ status: 'organized' }, ''],
  ])('When the body is %j, then it is refused and names the field', async (body, field) => {
    const id = await placed();
    const answer = await correct(id, body, 400);
    expect(answer.body.code).toBe('INVALID_INPUT');
    expect(answer.body.errors[0].field).toBe(field);
    expect(await dueEvents()).toEqual([]);
  });
});

describe('Undo', () => {
  it('When a move is undone, then the image is back where the machine put it; once more, there is nothing', async () => {
    const id = await placed();
    const before = await get(id);
    await correct(id, { folder: 'Wrong' });
    await publishAll();
    const { body } = await gateway.post(`/api/images/${id}/undo`).expect(200);
    expect(image.parse(body)).toEqual(before);
    expect(await dueEvents()).toMatchObject([
      {
        event: 'image.organized',
        data: { folder: 'Receipts', from: { folder: 'Wrong', filename: 'a.jpg' } },
      },
    ]);
    const again = await gateway.post(`/api/images/${id}/undo`).expect(409);
    expect(again.body).toMatchObject({ code: 'NOTHING_TO_UNDO' });
  });

  it('When a batch is undone, then each of its images that had another place is back there', async () => {
    const { body } = await gateway
      .post('/upload')
      .attach('file', jpeg(), 'a.jpg')
      .attach('file', jpeg(), 'b.jpg')
      .attach('file', jpeg(), 'c.jpg')
      .expect(202);
    const ids = body.images.map(({ id }: { id: string }) => id) as string[];
    for (const [n, id] of ids.entries()) {
      await process(gateway, id);
      await organize(id, `${n}.jpg`, 'Receipts');
    }
    const move = { ids: ids.slice(0, 2), folder: 'Wrong' };
    const moved = await gateway.post('/api/images/move').send(move).expect(200);
    expect(moved.body).toEqual({ folder: 'Wrong', moved: 2 });
    const { body: undone } = await gateway.post(`/api/batches/${body.batchId}/undo`).expect(200);
    expect(undone).toEqual({ undone: 2, unchanged: 1 });
    for (const id of ids) expect((await get(id)).placement!.folder).toBe('Receipts');
  });
});

describe('POST /api/images/move', () => {
  it("When one of the images is another's, then it is 404 and none is moved", async () => {
    const mine = await placed();
    const his = await gateway.uploaded(jpeg(), 'his.jpg', bob);
    await gateway
      .post('/api/images/move')
      .send({ ids: [mine, his], folder: 'New' })
      .expect(404);
    expect((await get(mine)).placement!.folder).toBe('Receipts');
    expect(await folders()).toEqual([]);
  });

  it.each([{}, { ids: [], folder: 'A' }, { ids: ['x'], folder: 'A' }, { ids: [unknownId], folder: '..' }])(
    'When the body is %j, then it is refused',
    async (body) => {
      await gateway.post('/api/images/move').send(body).expect(400);
    },
  );
});

describe('The trash', () => {
  it('When an image is deleted, then only the trash shows it; restored, it is back', async () => {
    const id = await placed();
    const before = await get(id);
    await gateway.delete(`/api/images/${id}`).expect(204);
    expect(await dueEvents()).toMatchObject([
      { event: 'image.organized', data: { imageId: id, from: { folder: 'Receipts', filename: 'a.jpg' } } },
    ]);
    await gateway.get(`/api/images/${id}`).expect(404);
    await gateway.get(`/api/images/${id}/original`).expect(404);
    await gateway.delete(`/api/images/${id}`).expect(404);
    await correct(id, { caption: 'x' }, 404);
    const trash = imageList.parse((await gateway.get('/api/trash').expect(200)).body);
    expect(trash).toMatchObject({ items: [{ id, deletedAt: expect.any(String) }], nextCursor: null });
    expect((await gateway.get('/api/trash', bob).expect(200)).body.items).toEqual([]);

    await placed('a.jpg');
    const { body } = await gateway.post(`/api/images/${id}/restore`).expect(200);
    expect(body).toEqual({ ...before, placement: { ...before.placement, filename: 'a (2).jpg' } });
    await gateway.post(`/api/images/${id}/restore`).expect(404);
  });

  it('When an image that was on its way is restored, then it goes on', async () => {
    const id = await gateway.uploaded(jpeg());
    const failed = await gateway.uploaded(jpeg());
    await fail(gateway.catalog, failed, 'extract');
    for (const each of [id, failed]) await gateway.delete(`/api/images/${each}`).expect(204);
    await publishAll();
    for (const each of [id, failed]) await gateway.post(`/api/images/${each}/restore`).expect(200);
    expect(await dueEvents()).toMatchObject([{ event: 'image.uploaded', data: { imageId: id } }]);
  });

  it.each(['limit=0', 'cursor=nonsense'])('When the query is %s, then it is refused', async (query) => {
    const { body } = await gateway.get(`/api/trash?${query}`).expect(400);
    expect(body).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

it("When somebody corrects another's image, an unknown one or nonsense, then it is 404 and nothing changes", async () => {
  const id = await placed();
  const before = await get(id);
  const { batchId } = before;
  for (const wrong of [id, unknownId, 'nonsense']) {
    await gateway.patch(`/api/images/${wrong}`, bob).send({ folder: 'Bobs' }).expect(404);
    await gateway.post(`/api/images/${wrong}/undo`, bob).expect(404);
    await gateway.delete(`/api/images/${wrong}`, bob).expect(404);
    await gateway.post(`/api/images/${wrong}/restore`, bob).expect(404);
  }
  for (const wrong of [batchId, unknownId, 'nonsense'])
    await gateway.post(`/api/batches/${wrong}/undo`, bob).expect(404);
  expect(await get(id)).toEqual(before);
});
