import { unlimited, type Quota } from '@image-organizer/contracts/http/access-token';
import { jpeg } from './support/files.ts';
import { anna, bob, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(async () => {
  expect(await gateway.leftovers()).toEqual([]);
  await gateway.stop();
});

const size = jpeg().length;
const images = (most: number): Quota => ({ images: most, bytes: null });
const bytes = (most: number): Quota => ({ images: null, bytes: most });

function upload(
  quota: Quota,
  files: Buffer[],
  { key, owner = anna }: { key?: string; owner?: typeof anna } = {},
) {
  const sent = gateway.post('/upload', { ...owner, quota });
  if (key) sent.set('Idempotency-Key', key);
  for (const [n, file] of files.entries()) sent.attach('file', file, { filename: `${n}.jpg` });
  return sent;
}
const namesOf = (files: { filename: string }[]) => files.map(({ filename }) => filename);
const total = async (owner = anna) => (await gateway.catalog.usageOf(owner.id)).images;

it('When there is room for some files of an upload, then the others are refused beside them, with what is used and allowed.', async () => {
  const { body } = await upload(images(2), [jpeg(), jpeg(), jpeg()]).expect(202);
  expect(namesOf(body.images)).toEqual(['0.jpg', '1.jpg']);
  expect(body.refused).toEqual([
    {
      filename: '2.jpg',
      code: 'QUOTA_EXCEEDED',
      detail: expect.stringMatching(/^Your quota is 2 images, and you have 2\. /),
    },
  ]);
  expect(await total()).toBe(2);
});

it('When there is room for none, then it is 422 and nothing is kept, no batch either.', async () => {
  await upload(images(1), [jpeg()]).expect(202);
  const { body } = await upload(images(1), [jpeg(), jpeg()], { key: 'full' }).expect(422);
  expect(body).toMatchObject({ code: 'QUOTA_EXCEEDED', errors: [{ field: '0.jpg' }, { field: '1.jpg' }] });
  expect(await total()).toBe(1);
  expect(await gateway.catalog.unfinishedBatches(new Date(Date.now() + 1e12), 10)).toEqual([]);
  // The key is free again: with more room the same request is taken.
  await upload(images(3), [jpeg(), jpeg()], { key: 'full' }).expect(202);
});

it('When a file has too many bytes for what is left, then a smaller one behind it may still fit.', async () => {
  const { body } = await upload(bytes(3 * size), [jpeg(), jpeg(50_000), jpeg()]).expect(202);
  expect(namesOf(body.images)).toEqual(['0.jpg', '2.jpg']);
  expect(body.refused[0].detail).toMatch(
    new RegExp(`^Your quota is ${3 * size} bytes, and you have ${size}; the file has 5\\d{4}\\. `),
  );
});

it('When a file cannot be taken for several reasons, then the answer says that they differ.', async () => {
  const { body } = await upload(images(0), [jpeg(), Buffer.from('text')]).expect(422);
  expect(body.code).toBe('NOTHING_ACCEPTED');
});

it('When images lie in the trash, then they count until they are forgotten.', async () => {
  const { body } = await upload(images(1), [jpeg()]).expect(202);
  await gateway.delete(`/api/images/${body.images[0].id}`).expect(204);
  await upload(images(1), [jpeg()]).expect(422);
  await gateway.blobs.delete(body.images[0].id);
  await gateway.catalog.purgeImage(body.images[0].id, new Date(Date.now() + 1_000));
  await upload(images(1), [jpeg()]).expect(202);
});

it('When an account has no quota of its own, then the default holds; its own goes before, and each owner has their own.', async () => {
  await gateway.stop();
  gateway = await startGateway({ defaultQuota: images(1) });
  await upload(unlimited, [jpeg()]).expect(202);
  await upload(unlimited, [jpeg()]).expect(422);
  await upload(images(2), [jpeg()]).expect(202);
  await upload(unlimited, [jpeg()], { owner: bob }).expect(202);
});

describe('A repeated request', () => {
  it('When what it brought filled the quota, then the answer is the first one.', async () => {
    const files = [jpeg(), jpeg()];
    const first = await upload(images(2), files, { key: 'k' }).expect(202);
    const second = await upload(images(2), files, { key: 'k' }).expect(202);
    expect(second.body).toEqual(first.body);
    expect(await total()).toBe(2);
  });

  it('When files of it were refused, then they are refused again, however often it is repeated.', async () => {
    const files = [jpeg(), jpeg(), jpeg()];
    const first = await upload(images(1), files, { key: 'k' }).expect(202);
    for (let n = 0; n < 2; n++) {
      const again = await upload(images(1), files, { key: 'k' }).expect(202);
      expect(again.body).toEqual(first.body);
    }
    expect(await total()).toBe(1);
  });

  it('When the same bytes come twice in it, then each counts.', async () => {
    const same = jpeg();
    const first = await upload(images(1), [same, same], { key: 'k' }).expect(202);
    const again = await upload(images(1), [same, same], { key: 'k' }).expect(202);
    expect(namesOf(first.body.refused)).toEqual(['1.jpg']);
    expect(again.body).toEqual(first.body);
  });
});

it('When uploads come at once, then the quota is passed by no more than they bring, and then nothing more is taken.', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, async () => (await upload(images(5), [jpeg()])).status),
  );
  expect(await total()).toBe(answers.filter((status) => status === 202).length);
  expect(await total()).toBeGreaterThanOrEqual(5);
  await upload(images(5), [jpeg()]).expect(422);
});

it('When a CSV is sent, then its import knows the quota.', async () => {
  const csv = 'Serial Number,Product Name,Input Image Urls\n1,Chair,https://example.com/a.jpg\n';
  const { body } = await gateway
    .post('/api/imports', { ...anna, quota: images(7) })
    .attach('file', Buffer.from(csv), { filename: 'products.csv', contentType: 'text/csv' })
    .expect(202);
  const record = await gateway.catalog.getImport(anna.id, body.id);
  expect(record!.quota).toEqual(images(7));
});
