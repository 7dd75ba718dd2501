import type { Stamps } from '@image-organizer/adapters/catalog/reprocess';
import { image, imageHistory, type Image } from '@image-organizer/contracts/http/image';
import { jpeg } from './support/files.ts';
import { process, unknownId } from './support/images.ts';
import { placeAgain, placed } from './support/place.ts';
import { anna, bob, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

const put = (filename: string, folder = 'Receipts') => placed(gateway, { folder, filename });
const get = async (id: string): Promise<Image> =>
  image.parse((await gateway.get(`/api/images/${id}`).expect(200)).body);
const reprocess = (body: object, status: number) => gateway.post('/api/reprocess').send(body).expect(status);
const stale = { stale: true };
async function runsUnder({ extract, classify }: Stamps): Promise<void> {
  if (extract) await gateway.catalog.recordStamp('extract', extract);
  if (classify) await gateway.catalog.recordStamp('classify', classify);
}
const local = { text: 'local, second version', asksModel: false };
const dueEvents = async () =>
  (await gateway.catalog.dueOutbox(1_000)).map(({ event, lane, data }) => ({ event, lane, data }));

describe('POST /api/images/:id/reprocess', () => {
  it('When an image is to be decided on again, then it is, at once, while it stays where it is', async () => {
    const id = await put('a.jpg');
    const before = await get(id);
    const { body } = await gateway
      .post(`/api/images/${id}/reprocess`)
      .send({ stages: ['classify'] })
      .expect(202);
    expect(image.parse(body)).toMatchObject({
      ...{ status: 'processing', placement: before.placement, text: before.text },
      stages: {
        extract: { status: 'done' },
        classify: { status: 'pending', attempts: 0 },
        organize: { status: 'pending' },
      },
    });
    const { items } = (await gateway.get('/api/images?folder=Receipts').expect(200)).body;
    expect(items).toHaveLength(1);
    const history = imageHistory.parse((await gateway.get(`/api/images/${id}/history`)).body);
    expect(history.items.at(-1)).toMatchObject({ stage: 'classify', event: 'reprocessed', by: anna.email });
    expect(await dueEvents()).toMatchObject([
      { event: 'image.extracted', lane: 'interactive', data: { imageId: id } },
    ]);
    expect(gateway.relayHint).toHaveBeenLastCalledWith(expect.objectContaining({ event: 'image.extracted' }));
  });

  it('When nothing is said, then it is read again too', async () => {
    const id = await put('a.jpg');
    await gateway.post(`/api/images/${id}/reprocess`).expect(202);
    expect((await get(id)).stages.extract.status).toBe('pending');
    expect(await dueEvents()).toMatchObject([{ event: 'image.uploaded' }]);
  });

  it('When it is not read yet, then there is nothing to do again', async () => {
    const id = await gateway.uploaded(jpeg());
    const { body } = await gateway.post(`/api/images/${id}/reprocess`).expect(409);
    expect(body).toMatchObject({ code: 'NOTHING_TO_REPROCESS' });
  });

  it("When it is another's image, an unknown one or nonsense, then it is 404; wrong stages are 400", async () => {
    const id = await put('a.jpg');
    for (const wrong of [id, unknownId, 'nonsense'])
      await gateway.post(`/api/images/${wrong}/reprocess`, bob).expect(404);
    for (const stages of [[], ['organize'], 'classify'])
      await gateway.post(`/api/images/${id}/reprocess`).send({ stages }).expect(400);
    expect((await get(id)).status).toBe('organized');
  });

  it('When a person said folder, caption and tags, then what is found anew changes none of them', async () => {
    const id = await put('a.jpg');
    const word = { folder: 'Mine', caption: 'My word', tags: ['mine'] };
    await gateway.patch(`/api/images/${id}`).send(word).expect(200);
    await gateway.post(`/api/images/${id}/reprocess`).expect(202);
    await process(gateway, id, 'Another text');
    const [record] = await gateway.catalog.findImages([id]);
    expect(record!.requestedFolder).toBe('Mine'); // which the organizer follows
    await placeAgain(gateway, id, { folder: 'Mine', filename: 'a.jpg', by: 'user' });
    expect(await get(id)).toMatchObject({
      ...{ text: 'Another text', caption: 'My word', tags: ['mine'], status: 'organized' },
      placement: { folder: 'Mine', by: 'user' },
    });
  });
});

describe('POST /api/reprocess', () => {
  it('When the settings have changed, then a dry run counts what is stale and changes nothing; then it is begun behind everybody', async () => {
    const ids = [await put('a.jpg'), await put('b.jpg', 'Letters')];
    await runsUnder({ classify: local });
    const { body } = await reprocess({ dryRun: true, filter: stale }, 200);
    expect(body).toEqual({
      images: 2,
      estimate: {
        seconds: expect.closeTo(2 * 1.005, 6),
        ...{ promptTokens: 0, completionTokens: 0, costUsd: 0, llmCalls: 0 },
      },
    });
    expect(await dueEvents()).toEqual([]);
    expect((await reprocess({ dryRun: false, filter: stale }, 202)).body).toEqual({ queued: 2 });
    expect((await reprocess({ dryRun: false, filter: stale }, 202)).body).toEqual({ queued: 0 });
    expect(await dueEvents()).toMatchObject(ids.map(() => ({ event: 'image.extracted', lane: 'bulk' })));
    for (const id of ids) expect((await get(id)).status).toBe('processing');
  });

  it('When nothing is known of the present settings, or all is as they are, then nothing is stale', async () => {
    await put('a.jpg');
    expect((await reprocess({ dryRun: true, filter: stale }, 200)).body).toMatchObject({ images: 0 });
  });

  it('When images are to be read again, then they begin there and the time counts', async () => {
    await put('a.jpg');
    await runsUnder({ extract: { text: 'eng+deu', asksModel: false }, classify: local });
    const { body } = await reprocess({ dryRun: true, filter: stale }, 200);
    expect(body.estimate.seconds).toBeCloseTo(1.01, 6);
    const decided = await reprocess({ dryRun: true, filter: stale, stages: ['classify'] }, 200);
    expect(decided.body.estimate.seconds).toBeCloseTo(1.005, 6);
    await reprocess({ dryRun: false, filter: stale }, 202);
    expect(await dueEvents()).toMatchObject([{ event: 'image.uploaded', lane: 'bulk' }]);
  });

  it('When a model is asked now, then the cost is unknown until something was measured, then by the owner’s averages', async () => {
    const model = { text: 'gpt, llm-2', asksModel: true };
    const first = await put('a.jpg');
    await put('b.jpg');
    await runsUnder({ classify: model });
    const plan = async () => (await reprocess({ dryRun: true, filter: stale }, 200)).body;
    expect(await plan()).toMatchObject({
      images: 2,
      estimate: { promptTokens: null, completionTokens: null, costUsd: null, llmCalls: null },
    });
    await gateway
      .post(`/api/images/${first}/reprocess`)
      .send({ stages: ['classify'] })
      .expect(202);
    await decide(first, {
      stamp: model.text,
      usage: { calls: 1, promptTokens: 800, completionTokens: 60, costUsd: 0.5 },
    });
    await placeAgain(gateway, first, { filename: 'a.jpg' });
    expect(await plan()).toMatchObject({
      images: 1,
      estimate: { llmCalls: 1, promptTokens: 800, completionTokens: 60, costUsd: 0.5 },
    });
  });

  it('When a folder or an upload is named, then only that is done again', async () => {
    const [id] = [await put('a.jpg', 'Letters/2024'), await put('b.jpg')];
    const { batchId: batch } = await get(id);
    for (const filter of [{ folder: 'letters/' }, { batch }, { folder: 'Letters', batch }]) {
      const expected = 'folder' in filter && filter.folder === 'letters/' ? 0 : 1; // paths have a case
      expect((await reprocess({ dryRun: true, filter }, 200)).body.images).toBe(expected);
    }
    expect((await reprocess({ dryRun: false, filter: { folder: 'Letters' } }, 202)).body).toEqual({
      queued: 1,
    });
    expect((await get(id)).status).toBe('processing');
  });

  it('When it is another owner, then nothing is counted or begun', async () => {
    const id = await put('a.jpg');
    await runsUnder({ classify: local });
    const { batchId: batch } = await get(id);
    for (const filter of [stale, { batch }, { folder: 'Receipts' }]) {
      const { body } = await gateway.post('/api/reprocess', bob).send({ dryRun: false, filter }).expect(202);
      expect(body).toEqual({ queued: 0 });
    }
    expect((await get(id)).status).toBe('organized');
  });

  it.each([
    [{ filter: { stale: true } }],
    [{ dryRun: true }],
    [{ dryRun: true, filter: {} }],
    [{ dryRun: true, filter: { stale: false } }],
    [{ dryRun: true, filter: { batch: 'x' } }],
    [{ dryRun: true, filter: { stale: true }, stages: ['organize'] }],
  ])('When the body is %j, then it is refused', async (body) => {
    await reprocess(body, 400);
  });
});

/** Plays the classifier. */
async function decide(imageId: string, more: object): Promise<void> {
  const { catalog } = gateway;
  const request = {
    ownerId: anna.id,
    imageId,
    stage: 'classify' as const,
    owner: 'test',
    now: new Date(),
    leaseMs: 60_000,
  };
  const claim = await catalog.claimStage(request);
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  const result = { decision: { ...claim.image.decision!, ...more } };
  const held = { imageId, stage: 'classify' as const, epoch: claim.epoch };
  await catalog.completeStage(held, { result, durationMs: 5, now: new Date(), event: null });
}
