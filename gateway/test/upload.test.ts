import { createHash } from 'node:crypto';
import { uploadAnswer } from '@image-organizer/contracts/http/upload';
import { jpeg, png } from './support/files.ts';
import { fail } from './support/images.ts';
import { anna, bob, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(async () => expect(await gateway.leftovers()).toEqual([]));
afterAll(() => gateway.stop());

const outboxOf = async (imageId: string) =>
  (await gateway.catalog.dueOutbox(1_000)).filter(
    ({ data }) => (data as { imageId: string }).imageId === imageId,
  );

describe('An upload', () => {
  it.each(['/upload', '/api/images'])(
    'When one image goes to %s, then it is stored, recorded and told',
    async (path) => {
      const bytes = jpeg();
      gateway.relayHint.mockClear();
      const { body } = await gateway.post(path).attach('anything', bytes, { filename: 'a.jpg' }).expect(202);

      const { batchId, images, refused, links } = uploadAnswer.parse(body);
      expect(refused).toEqual([]);
      expect(links.batch).toBe(`/api/batches/${batchId}`);
      expect(images).toEqual([{ id: expect.any(String), filename: 'a.jpg', status: 'queued' }]);
      const { id } = images[0]!;
      expect(await gateway.catalog.getImage(anna.id, id)).toMatchObject({
        batchId,
        ownerEmail: anna.email,
        contentType: 'image/jpeg',
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        lane: 'interactive',
        requestedFolder: null,
      });
      expect(await outboxOf(id)).toMatchObject([
        { event: 'image.uploaded', data: { imageId: id, ownerId: anna.id } },
      ]);
      expect(await gateway.catalog.getBatch(anna.id, batchId)).toMatchObject({
        status: 'open',
        total: 1,
        notify: true,
      });
      expect(gateway.relayHint).toHaveBeenCalled();
    },
  );

  it('When good and bad files come together, then the good ones are taken in order and the bad ones named', async () => {
    const { body } = await gateway
      .post('/upload')
      .attach('file', png(), { filename: 'one.png' })
      .attach('file', Buffer.alloc(400_000, 'text'), { filename: 'notes.jpg' })
      .attach('other', jpeg(300_000), { filename: 'two.jpg' })
      .attach('file', jpeg(1_000_001), { filename: 'huge.jpg' })
      .attach('file', jpeg(), { filename: 'three.jpg' })
      .expect(202);
    expect(body.images.map(({ filename }: { filename: string }) => filename)).toEqual([
      'one.png',
      'two.jpg',
      'three.jpg',
    ]);
    expect(body.refused).toEqual([
      { filename: 'notes.jpg', code: 'UNSUPPORTED_IMAGE', detail: expect.stringContaining('text') },
      { filename: 'huge.jpg', code: 'FILE_TOO_LARGE', detail: expect.stringContaining('1000000 bytes') },
    ]);
  });

  it('When a file has exactly the greatest size allowed, then it is taken', async () => {
    const id = await gateway.uploaded(jpeg(1_000_000));
    expect(await gateway.blobs.stat(id)).toMatchObject({ size: 1_000_000 });
  });

  it('When two files have one name, then both are taken', async () => {
    const upload = gateway.post('/upload').attach('f', jpeg(), { filename: 'same.jpg' });
    const { body } = await upload.attach('f', jpeg(), { filename: 'same.jpg' }).expect(202);
    expect(new Set(body.images.map(({ id }: { id: string }) => id)).size).toBe(2);
  });

  it('When the same bytes come again, then the answer says of which image they are a duplicate', async () => {
    const bytes = jpeg();
    const first = await gateway.uploaded(bytes);
    const { body } = await gateway
      .post('/upload')
      .attach('file', bytes, { filename: 'again.jpg' })
      .expect(202);
    expect(body.images[0].duplicateOf).toBe(first);
    const others = await gateway
      .post('/upload', bob)
      .attach('file', bytes, { filename: 'again.jpg' })
      .expect(202);
    expect(others.body.images[0].duplicateOf).toBeUndefined();
  });

  it('When a folder is named and no email wanted, then both are remembered', async () => {
    const upload = gateway.post('/upload').field('folder', ' Trips//Rome: 2024 ').field('notify', 'false');
    const { body } = await upload.attach('file', jpeg(), { filename: 'a.jpg' }).expect(202);
    expect(await gateway.catalog.getImage(anna.id, body.images[0].id)).toMatchObject({
      requestedFolder: 'Trips/Rome 2024',
    });
    expect(await gateway.catalog.getBatch(anna.id, body.batchId)).toMatchObject({ notify: false });
  });

  it('When there are more than 20 files, then they take the bulk lane', async () => {
    const upload = gateway.post('/upload');
    for (let n = 1; n <= 21; n++) upload.attach('file', jpeg(), { filename: `${n}.jpg` });
    const { body } = await upload.expect(202);
    expect(body.images).toHaveLength(21);
    expect(await gateway.catalog.getImage(anna.id, body.images[20].id)).toMatchObject({
      filename: '21.jpg',
      lane: 'bulk',
    });
    expect(await outboxOf(body.images[0].id)).toMatchObject([{ lane: 'bulk' }]);
  });

  it('When the workers are done before the request has ended, then its batch is completed all the same', async () => {
    const quick = await startGateway({
      catalog: (real) => ({
        ...real,
        async acceptImage(...given) {
          const accepted = await real.acceptImage(...given);
          await fail(real, accepted.image.id, 'extract');
          return accepted;
        },
      }),
    });
    const { body } = await quick.post('/upload').attach('file', jpeg(), { filename: 'a.jpg' }).expect(202);
    expect(await quick.catalog.getBatch(anna.id, body.batchId)).toMatchObject({
      status: 'completed',
      failed: 1,
    });
    expect((await quick.catalog.dueOutbox(10)).map(({ event }) => event)).toContain('batch.completed');
    await quick.stop();
  });

  it('When uploads were answered, then the metrics have counted their files', async () => {
    await gateway.uploaded(jpeg());
    expect(await gateway.metrics.metrics()).toMatch(
      /upload_files_total\{outcome="stored",service="gateway"\} \d+/,
    );
  });
});
