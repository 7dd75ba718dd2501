import { jpeg } from './support/files.ts';
import { bob, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(async () => expect(await gateway.leftovers()).toEqual([]));
afterAll(() => gateway.stop());

const upload = (key: string, files: Buffer[], owner?: typeof bob) => {
  const sent = gateway.post('/upload', owner).set('Idempotency-Key', key);
  for (const [n, bytes] of files.entries()) sent.attach('file', bytes, { filename: `${n}.jpg` });
  return sent;
};

describe('Idempotency-Key', () => {
  it('When one upload is sent 50 times at once, then there is one batch with its images, and every answer names them', async () => {
    const files = [jpeg(), jpeg(200_000)];
    const answers = await Promise.all(Array.from({ length: 50 }, () => upload('fifty', files).expect(202)));
    const [first, ...others] = answers.map(({ body }) => body);
    expect(first.images).toHaveLength(2);
    for (const other of others) expect(other).toEqual(first);
    expect((await gateway.get(`/api/images?batch=${first.batchId}`)).body.items).toHaveLength(2);
    expect((await gateway.blobs.list({ limit: 100 })).length).toBe(2);
  });

  it('When an upload is repeated later, then the answer is the first one and no new image is made', async () => {
    const files = [jpeg()];
    const first = await upload('later', files).expect(202);
    const second = await upload('later', files).expect(202);
    expect(second.body).toEqual(first.body);
  });

  it('When the first try lost a file on the way, then the repetition adds it to the same batch', async () => {
    const files = [jpeg(), jpeg()];
    const first = await upload('grows', files.slice(0, 1)).expect(202);
    const second = await upload('grows', files).expect(202);
    expect(second.body.batchId).toBe(first.body.batchId);
    expect(second.body.images.map(({ id }: { id: string }) => id)).toEqual([
      first.body.images[0].id,
      expect.any(String),
    ]);
  });

  it('When a key comes again with other bytes, then it is 422 and the first image stays as it is', async () => {
    const bytes = jpeg();
    const first = await upload('reused', [bytes]).expect(202);
    const { body } = await upload('reused', [jpeg()]).expect(422);
    expect(body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await gateway.get(`/api/images/${first.body.images[0].id}/original`)).body).toEqual(bytes);
  });

  it('When another owner uses the same key, then it is a key of its own', async () => {
    const files = [jpeg()];
    const first = await upload('shared', files).expect(202);
    const second = await upload('shared', files, bob).expect(202);
    expect(second.body.batchId).not.toBe(first.body.batchId);
  });
});
