import { image, type Image } from '@image-organizer/contracts/http/image';
import { reviewList, type ReviewList } from '@image-organizer/contracts/http/review';
import { jpeg } from './support/files.ts';
import { fail, unknownId } from './support/images.ts';
import { placed } from './support/place.ts';
import { bob, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

const unsure = (filename = 'a.jpg') =>
  placed(gateway, {
    ...{ folder: 'Unsorted', filename, needsReview: true, confidence: 0.2 },
    ...{ reason: 'Nothing was clear.', suggestions: ['Letters', 'Bills'] },
  });
const review = async (query = '', owner?: typeof bob): Promise<ReviewList> =>
  reviewList.parse((await gateway.get(`/api/review${query}`, owner).expect(200)).body);
const accept = async (id: string, body: object = {}): Promise<Image> =>
  image.parse((await gateway.post(`/api/review/${id}/accept`).send(body).expect(200)).body);

it('When images wait for a person, then they are listed with what to do, oldest first, page by page', async () => {
  const first = await unsure('a.jpg');
  const failed = await gateway.uploaded(jpeg(), 'b.jpg');
  await fail(gateway.catalog, failed, 'extract');
  const third = await unsure('c.jpg');
  await placed(gateway, { filename: 'sure.jpg' });
  const page = await review('?limit=2');
  expect(page).toMatchObject({ total: 3, more: false });
  expect(page.items.map(({ id, review }) => ({ id, ...review }))).toEqual([
    { id: first, action: 'choose', detail: 'Nothing was clear.', suggestions: ['Letters', 'Bills'] },
    { id: failed, action: 'retry', detail: 'The file is damaged.', suggestions: [] },
  ]);
  const next = await review(`?limit=2&cursor=${page.nextCursor}`);
  expect(next.items.map(({ id }) => id)).toEqual([third]);
  expect(next.nextCursor).toBeNull();
  expect(await review('', bob)).toEqual({ items: [], nextCursor: null, total: 0, more: false });
});

it('When a suggested folder was renamed, then the suggestion is its new path', async () => {
  await placed(gateway, { folder: 'Bills', filename: 'b.jpg' });
  await unsure();
  await gateway.patch('/api/folders?path=Bills').send({ newPath: 'Invoices' }).expect(200);
  const { items } = await review();
  expect(items[0]!.review.suggestions).toEqual(['Letters', 'Invoices']);
});

it('When the place is accepted, or a suggestion, then that is a person’s word and the image waits no more', async () => {
  const [kept, moved] = [await unsure('a.jpg'), await unsure('b.jpg')];
  expect((await accept(kept)).placement).toMatchObject({
    folder: 'Unsorted',
    by: 'user',
    needsReview: false,
  });
  expect((await accept(moved, { folder: 'letters' })).placement).toMatchObject({
    folder: 'letters',
    by: 'user',
  });
  expect(await review()).toMatchObject({ items: [], total: 0 });
  expect(
    await gateway.catalog.recentCorrections((await gateway.catalog.findImages([kept]))[0]!.ownerId, 5),
  ).toHaveLength(2);
});

it('When an image failed, then it has no place to accept, but can be given one', async () => {
  const failed = await gateway.uploaded(jpeg(), 'b.jpg');
  await fail(gateway.catalog, failed, 'extract');
  const { body } = await gateway.post(`/api/review/${failed}/accept`).expect(409);
  expect(body).toMatchObject({ code: 'NOTHING_TO_ACCEPT' });
  expect((await accept(failed, { folder: 'Broken' })).placement).toMatchObject({ folder: 'Broken' });
  expect(await review()).toMatchObject({ items: [] });
});

it.each(['limit=0', 'limit=201', 'cursor=nonsense'])(
  'When the query is %s, then it is refused',
  async (query) => {
    await gateway.get(`/api/review?${query}`).expect(400);
  },
);

it("When it is another's image, an unknown one or nonsense, then it is 404", async () => {
  const id = await unsure();
  for (const wrong of [id, unknownId, 'nonsense'])
    await gateway.post(`/api/review/${wrong}/accept`, bob).send({ folder: 'Bobs' }).expect(404);
  expect(await review()).toMatchObject({ total: 1 });
  expect((await gateway.get('/api/folders', bob)).body.items).toEqual([]);
});
