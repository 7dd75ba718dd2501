import { randomUUID } from 'node:crypto';
import { folder, type Folder } from '@image-organizer/contracts/http/folder';
import { image, imageHistory, type Image } from '@image-organizer/contracts/http/image';
import { outboxEntry } from '@image-organizer/testing/builders';
import { placeAgain, placed } from './support/place.ts';
import { process } from './support/images.ts';
import { anna, bob, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

const put = (path: string, filename: string) => placed(gateway, { folder: path, filename });
const get = async (id: string): Promise<Image> =>
  image.parse((await gateway.get(`/api/images/${id}`).expect(200)).body);
const folders = async (owner = anna) =>
  ((await gateway.get('/api/folders', owner).expect(200)).body.items as Folder[]).map(
    ({ path, count }) => [path, count] as const,
  );
const at = (path: string) => `/api/folders?path=${encodeURIComponent(path)}`;
const change = (path: string, body: object, status = 200) =>
  gateway.patch(at(path)).send(body).expect(status);
const rename = (path: string, newPath: string, status = 200) => change(path, { newPath }, status);
const merge = (from: string, into: string, status = 200) =>
  gateway.post('/api/folders/merge').send({ from, into }).expect(status);
const dueEvents = async () =>
  (await gateway.catalog.dueOutbox(1_000)).map(({ event, lane, data }) => ({ event, lane, data }));

describe('PATCH /api/folders', () => {
  it('When a folder is renamed, then all in it and below it is there; who put it there and how sure stays; the organizer is told', async () => {
    const own = await put('Receipts', 'a.jpg');
    const below = await put('Receipts/2024', 'b.jpg');
    await put('Receipts-old', 'c.jpg');
    const before = (await get(own)).placement!;
    gateway.relayHint.mockClear();
    const { body } = await rename('receipts', 'Belege');
    expect(folder.parse(body)).toMatchObject({ path: 'Belege', count: 1, createdBy: 'user' });
    expect(await folders()).toEqual([
      ['Belege', 1],
      ['Belege/2024', 1],
      ['Receipts-old', 1],
    ]);
    expect((await get(own)).placement).toEqual({ ...before, folder: 'Belege' });
    expect((await get(below)).placement).toMatchObject({ folder: 'Belege/2024', by: 'auto' });
    const { items } = imageHistory.parse((await gateway.get(`/api/images/${own}/history`)).body);
    expect(items.at(-1)).toMatchObject({ event: 'relocated', by: anna.email });
    expect(await dueEvents()).toEqual(
      expect.arrayContaining([
        {
          event: 'image.organized',
          lane: 'bulk',
          data: expect.objectContaining({
            imageId: own,
            folder: 'Belege',
            from: { folder: 'Receipts', filename: 'a.jpg' },
          }),
        },
      ]),
    );
    expect(await dueEvents()).toHaveLength(2);
    expect(gateway.relayHint).toHaveBeenCalledTimes(2);
  });

  it('When the same is asked again, also after it was cut short, then it is done to the end, once', async () => {
    const ids = [await put('A', 'a.jpg'), await put('A/x', 'b.jpg')];
    const { catalog } = gateway;
    await catalog.moveFolder({ ownerId: anna.id, from: 'A', to: 'B', now: new Date() });
    expect(await folders()).toEqual([
      ['A/x', 1],
      ['B', 0],
    ]);
    for (const _ of [1, 2]) {
      await rename('A', 'B');
      expect(await folders()).toEqual([
        ['B', 1],
        ['B/x', 1],
      ]);
    }
    for (const id of ids) expect((await get(id)).placement!.folder).toMatch(/^B/);
    expect(await dueEvents()).toHaveLength(2);
  });

  it('When a rename was cut short and the folder is renamed again, then what was left behind comes too', async () => {
    const id = await put('A', 'a.jpg');
    await gateway.catalog.moveFolder({ ownerId: anna.id, from: 'A', to: 'B', now: new Date() });
    await rename('B', 'C');
    expect(await folders()).toEqual([['C', 1]]);
    expect((await get(id)).placement).toMatchObject({ folder: 'C' });
  });

  it('When only its case changes, then it is one folder', async () => {
    await put('receipts', 'a.jpg');
    await rename('receipts', 'Receipts');
    expect(await folders()).toEqual([['Receipts', 1]]);
  });

  it('When a renamed folder is renamed back, then it is as before', async () => {
    const id = await put('A', 'a.jpg');
    await rename('A', 'B');
    await rename('B', 'A');
    expect(await folders()).toEqual([['A', 1]]);
    expect((await get(id)).placement).toMatchObject({ folder: 'A', filename: 'a.jpg' });
  });

  it('When there is a folder at the new path, then it is 409 and nothing changes', async () => {
    await put('A', 'a.jpg');
    await put('B/x', 'b.jpg');
    for (const target of ['B', 'b/X']) {
      const { body } = await rename('A', target, 409);
      expect(body).toMatchObject({ code: 'FOLDER_EXISTS', detail: expect.stringContaining('merge') });
    }
    expect(await folders()).toEqual([
      ['A', 1],
      ['B/x', 1],
    ]);
  });

  it('When a person names an old path in a correction, then that is a folder again and the renamed one stays', async () => {
    const id = await put('A', 'a.jpg');
    await put('A', 'b.jpg');
    await rename('A', 'B');
    await gateway.patch(`/api/images/${id}`).send({ folder: 'A' }).expect(200);
    expect(await folders()).toEqual([
      ['A', 1],
      ['B', 1],
    ]);
  });

  it('When a placement is undone after the rename, then the image is where it was before its own last placement', async () => {
    const id = await put('A', 'a.jpg');
    await gateway.patch(`/api/images/${id}`).send({ folder: 'Mine' }).expect(200);
    await rename('Mine', 'Yours');
    const { body } = await gateway.post(`/api/images/${id}/undo`).expect(200);
    expect(image.parse(body).placement).toMatchObject({ folder: 'A', by: 'auto' });
  });

  it('When an image of the folder is in the trash, then it is restored to the new path', async () => {
    const id = await put('A', 'a.jpg');
    await gateway.delete(`/api/images/${id}`).expect(204);
    await rename('A', 'B');
    const { body } = await gateway.post(`/api/images/${id}/restore`).expect(200);
    expect(image.parse(body).placement).toMatchObject({ folder: 'B' });
  });

  it('When a folder holds more than a page, then all come with it', async () => {
    const { catalog } = gateway;
    const first = await put('A', '0.jpg');
    const [record] = await catalog.findImages([first]);
    for (let n = 1; n <= 110; n++) {
      const id = randomUUID();
      const event = outboxEntry();
      await catalog.acceptImage({ ...record!, id, filename: `${n}.jpg`, idempotencyKey: null }, event);
      await catalog.markPublished(event);
      await process(gateway, id);
      await placeAgain(gateway, id, { folder: 'A', filename: `${n}.jpg` });
    }
    await rename('A', 'B');
    expect(await folders()).toEqual([['B', 111]]);
  }, 120_000);

  it('When it is described, then it says so; both can be said at once', async () => {
    await put('A', 'a.jpg');
    const { body } = await change('A', { description: ' What I keep\u0000 ' });
    expect(body).toMatchObject({ path: 'A', description: 'What I keep' });
    expect((await change('A', { newPath: 'B', description: 'Else' })).body).toMatchObject({
      path: 'B',
      description: 'Else',
    });
  });

  it.each([
    ['the folder is another’s or unknown', 'X', { newPath: 'Y' }, 404],
    ['it is to be below itself', 'A', { newPath: 'A/b' }, 400],
    ['it would be too deep', 'A', { newPath: '1/2/3/4' }, 400],
    ['nothing of the path can be a name', 'A', { newPath: '/../' }, 400],
    ['it is where images wait', 'Unsorted', { newPath: 'Sorted' }, 400],
    ['nothing is said', 'A', {}, 400],
    ['something else is said', 'A', { path: 'B' }, 400],
    ['no folder is named', '', { newPath: 'B' }, 400],
  ])('When %s, then it is refused and nothing changes', async (_, path, body, status) => {
    await put('A/x', 'a.jpg');
    await put('Unsorted', 'b.jpg');
    await change(path, body, status);
    expect(await folders()).toEqual([
      ['A/x', 1],
      ['Unsorted', 1],
    ]);
  });
});

describe('POST /api/folders/merge', () => {
  it('When a folder is merged into another, then all is there under names of its own, the words of both too, and it is gone', async () => {
    await put('A', 'a.jpg');
    await put('B', 'a.jpg');
    await put('A/x', 'c.jpg');
    await change('B', { description: 'All bills' });
    const { body } = await merge('A', 'b');
    expect(folder.parse(body)).toMatchObject({
      path: 'B',
      count: 2,
      description: 'All bills',
      commonWords: expect.arrayContaining(['total']),
    });
    expect(await folders()).toEqual([
      ['B', 2],
      ['B/x', 1],
    ]);
    const { items } = (await gateway.get('/api/images?folder=B&sort=filename')).body;
    expect((items as Image[]).map(({ placement }) => placement!.filename).sort()).toEqual([
      'a (2).jpg',
      'a.jpg',
      'c.jpg',
    ]);
    await merge('A', 'B');
    expect(await folders()).toHaveLength(2);
  });

  it('When a folder is merged into the one above it, then it is gone', async () => {
    await put('A', 'a.jpg');
    await put('A/x', 'a.jpg');
    await merge('A/x', 'A');
    expect(await folders()).toEqual([['A', 2]]);
  });

  it.each([
    ['the target is unknown', 'A', 'X', 404],
    ['the source is unknown', 'X', 'A', 404],
    ['both are one', 'A', 'a', 400],
    ['the target is below the source', 'A', 'A/x', 400],
  ])('When %s, then it is refused', async (_, from, into, status) => {
    await put('A', 'a.jpg');
    await put('A/x', 'b.jpg');
    await merge(from, into, status);
    expect(await folders()).toHaveLength(2);
  });
});

describe('DELETE /api/folders', () => {
  it('When images are in it or below it, then it is 409 with their number; empty, it goes', async () => {
    const id = await put('A/x', 'a.jpg');
    await rename('A/x', 'A/y');
    await gateway.catalog.ensureFolder({
      ...{ ownerId: anna.id, path: 'A', description: '', commonWords: [], createdBy: 'user' },
      now: new Date(),
    });
    const { body } = await gateway.delete(at('A')).expect(409);
    expect(body).toMatchObject({ code: 'FOLDER_NOT_EMPTY', detail: expect.stringContaining('1 image:') });
    await gateway.delete(`/api/images/${id}`).expect(204);
    await gateway.delete(at('a')).expect(204);
    expect(await folders()).toEqual([]);
    await gateway.delete(at('A')).expect(404);
  });
});

it("When somebody names another's folder, then it is 404 and nothing changes", async () => {
  await put('A', 'a.jpg');
  await gateway.patch(at('A'), bob).send({ newPath: 'B' }).expect(404);
  await gateway.patch(at('A'), bob).send({ description: 'x' }).expect(404);
  await gateway.delete(at('A'), bob).expect(404);
  await gateway.post('/api/folders/merge', bob).send({ from: 'A', into: 'A' }).expect(404);
  expect(await folders()).toEqual([['A', 1]]);
  expect(await folders(bob)).toEqual([]);
});
