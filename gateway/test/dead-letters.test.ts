import { randomUUID } from 'node:crypto';
import type { MessageBus, Outcome } from '@image-organizer/adapters/message-bus/message-bus';
import { batchCompleted } from '@image-organizer/contracts/events/batch-completed';
import { imageUploaded } from '@image-organizer/contracts/events/image-uploaded';
import { queues, type QueueDefinition } from '@image-organizer/contracts/topology';
import { messageOfEntry, outboxEntry } from '@image-organizer/pipeline/outbox-entry';
import { errorOf } from '../src/domain/dead-letter-groups.ts';
import { jpeg } from './support/files.ts';
import { fail } from './support/images.ts';
import { admin, anna, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

const base = '/api/admin/dead-letters';
const context = { lane: 'interactive', requestId: 'r-1', now: new Date('2026-11-21T09:00:00.000Z') } as const;
const uploadedEvent = (imageId: string = randomUUID(), minute = 0) =>
  messageOfEntry(
    outboxEntry(imageUploaded, { imageId, ownerId: anna.id }, { ...context, now: new Date(60_000 * minute) }),
  );
const group = async (n = 0) => (await gateway.get(base, admin).expect(200)).body.items[n];
const count = async () => (await gateway.bus.deadLetters(10_000)).length;
const retry = (selection: object) => gateway.post(`${base}/retry`, admin).send(selection);
const discard = (selection: object) => gateway.post(`${base}/discard`, admin).send(selection);

/** Publishes messages of one queue and lets each end as `outcome` says. @returns what came, once no more comes */
async function consume(
  messages: ReturnType<typeof uploadedEvent>[],
  outcome: (n: number) => Outcome = () => ({ kind: 'ack' }),
  queue: QueueDefinition = queues.ocrImageUploaded,
) {
  const seen: string[] = [];
  const consumer = await gateway.bus.consume(
    queue,
    async ({ id }) => (seen.push(id), outcome(seen.length - 1)),
    { concurrency: 1 },
  );
  for (const message of messages) await gateway.bus.publish(message);
  await gateway.bus.idle();
  await consumer.cancel();
  return seen;
}
const dead = (reason: string): Outcome => ({ kind: 'dead', reason });
/** An image of anna's that failed, with its dead letter. */
async function failedImage() {
  const id = await gateway.uploaded(jpeg());
  await fail(gateway.catalog, id, 'extract');
  await consume([uploadedEvent(id)], () => dead('DAMAGED: The file is damaged.'));
  return id;
}
const extractOf = async (id: string) => (await gateway.catalog.getImage(anna.id, id))!.stages.extract.status;

it.each([
  ['get', base],
  ['get', `${base}/${'0'.repeat(16)}`],
  ['post', `${base}/retry`],
  ['post', `${base}/discard`],
] as const)('When %s %s is asked by an account that is no admin, then it is 403.', async (method, path) => {
  const { body } = await gateway[method](path).expect(403);
  expect(body.code).toBe('ADMIN_REQUIRED');
});

describe('GET /api/admin/dead-letters', () => {
  it('When nothing is dead, then there is no group.', async () => {
    const { body } = await gateway.get(base, admin).expect(200);
    expect(body).toEqual({ items: [], nextCursor: null, looked: 0, total: 0 });
  });

  it('When messages failed alike, then they are one group, whatever ids and numbers their reasons name.', async () => {
    const messages = [3, 1, 2, 4].map((minute) => uploadedEvent(undefined, minute));
    await consume(messages, (n) =>
      n === 3 ? dead('it is no JSON') : dead(`TOO_LARGE: page ${n} of ${randomUUID()} has ${n}.5 "m${n}"`),
    );
    const { body } = await gateway.get(base, admin).expect(200);
    expect(body).toMatchObject({ looked: 4, total: 4, items: { length: 2 } });
    expect(body.items[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      queue: 'ocr.image-uploaded',
      error: 'TOO_LARGE: page … of … has … "…"',
      code: 'TOO_LARGE',
      count: 3,
      oldestAt: '1970-01-01T00:01:00.000Z',
      newestAt: '1970-01-01T00:03:00.000Z',
      sampleIds: messages.slice(0, 3).map(({ id }) => id),
    });
    expect(body.items[1]).toMatchObject({ error: 'it is no JSON', code: null, count: 1 });
  });

  it('When a message cannot be read, then its times are unknown.', async () => {
    await consume([{ ...uploadedEvent(), body: 'no JSON' }], () => dead('the message is no JSON: no JSON'));
    expect(await group()).toMatchObject({ count: 1, oldestAt: null, newestAt: null });
    const { body } = await gateway.get(`${base}/${(await group()).id}`, admin).expect(200);
    expect(body.items).toMatchObject([{ occurredAt: null, requestId: null, imageId: null, batchId: null }]);
  });

  it('When 1,200 are dead, then the groups are made of 1,000 and the answer says so; each call ends 1,000.', async () => {
    const messages = Array.from({ length: 1_200 }, () => uploadedEvent());
    await consume(messages, () => dead('no room'));
    const { body } = await gateway.get(base, admin).expect(200);
    expect(body).toMatchObject({ looked: 1_000, total: 1_200, items: [{ count: 1_000 }] });
    expect((await retry({ all: true }).expect(200)).body).toEqual({ retried: 1_000, more: true });
    expect((await retry({ group: body.items[0].id }).expect(200)).body).toEqual({
      retried: 200,
      more: false,
    });
    expect(await consume([])).toEqual(messages.map(({ id }) => id));
  });
});

describe('GET /api/admin/dead-letters/{group}', () => {
  it('When a group has several pages, then they are followed by cursor, oldest first, without other groups.', async () => {
    const messages = Array.from({ length: 7 }, () => uploadedEvent());
    await consume(messages, (n) => dead(n % 2 ? 'odd' : 'even'));
    const { id } = await group();
    const first = await gateway.get(`${base}/${id}?limit=3`, admin).expect(200);
    expect(first.body.items.map((item: { id: string }) => item.id)).toEqual(
      [0, 2, 4].map((n) => messages[n]!.id),
    );
    expect(first.body.items[0]).toMatchObject({
      queue: 'ocr.image-uploaded',
      event: 'image.uploaded',
      reason: 'even',
      requestId: 'r-1',
      imageId: expect.any(String),
      batchId: null,
    });
    const last = await gateway
      .get(`${base}/${id}?limit=3&cursor=${first.body.nextCursor}`, admin)
      .expect(200);
    expect(last.body).toMatchObject({ items: [{ id: messages[6]!.id }], nextCursor: null });
  });

  it.each(['0'.repeat(16), 'nothing', '..%2f'])('When there is no group %s, then it is 404.', async (id) => {
    await gateway.get(`${base}/${id}`, admin).expect(404);
  });

  it.each(['limit=0', 'limit=201', 'cursor=x'])('When the query is %s, then it is 400.', async (query) => {
    await gateway.get(`${base}/${'0'.repeat(16)}?${query}`, admin).expect(400);
  });
});

describe('POST …/retry', () => {
  it('When the letter belongs to an image that failed, then its stage begins again by an event of its own.', async () => {
    const id = await failedImage();
    gateway.relayHint.mockClear();
    expect((await retry({ all: true }).expect(200)).body).toEqual({ retried: 1, more: false });
    expect(await extractOf(id)).toBe('pending');
    expect(gateway.relayHint).toHaveBeenCalledWith(
      expect.objectContaining({ event: 'image.uploaded', data: { imageId: id, ownerId: anna.id } }),
    );
    expect(await count()).toBe(0);
    expect(await consume([])).toEqual([]); // the letter itself is not needed any more
  });

  it('When the image was retried by its owner meanwhile, then its message merely comes again.', async () => {
    const id = await failedImage();
    await gateway.post(`/api/images/${id}/retry`).expect(202);
    const [letter] = await gateway.bus.deadLetters(1);
    expect((await retry({ ids: [letter!.message.id] }).expect(200)).body.retried).toBe(1);
    expect(await extractOf(id)).toBe('pending');
    expect(await consume([])).toEqual([letter!.message.id]);
  });

  it('When an email had failed for good, then it can be sent.', async () => {
    const batchId = randomUUID();
    const email = { key: `email:${batchId}`, owner: 'test', now: new Date(), leaseMs: 1_000 };
    const claim = await gateway.catalog.claimDelivery(email);
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    await gateway.catalog.failDelivery({ ...email, ...claim }, { code: 'SMTP', detail: 'refused' });
    const data = { batchId, ownerId: anna.id, ownerEmail: anna.email };
    const message = messageOfEntry(outboxEntry(batchCompleted, data as never, context));
    const queue = queues.notificationBatchCompleted;
    await consume([message], () => dead('SMTP: refused'), queue);
    expect((await retry({ all: true }).expect(200)).body.retried).toBe(1);
    expect(await gateway.catalog.claimDelivery(email)).toMatchObject({ kind: 'claimed', attempt: 1 });
    expect(await consume([], undefined, queue)).toEqual([message.id]);
  });

  it('When a message cannot be read, or its image is gone, then it comes again as it was.', async () => {
    const messages = [{ ...uploadedEvent(), body: 'no JSON' }, uploadedEvent()];
    await consume(messages, () => dead('why'));
    expect((await retry({ group: (await group()).id }).expect(200)).body.retried).toBe(2);
    expect(await consume([])).toEqual(messages.map(({ id }) => id));
  });

  it('When ids are named, then only those are retried; one that is not there is no error.', async () => {
    const messages = [uploadedEvent(), uploadedEvent(), uploadedEvent()];
    await consume(messages, () => dead('why'));
    const ids = [messages[1]!.id, randomUUID()];
    expect((await retry({ ids }).expect(200)).body).toEqual({ retried: 1, more: false });
    expect(await consume([])).toEqual([messages[1]!.id]);
    expect(await count()).toBe(2);
  });
});

describe('POST …/discard', () => {
  it('When a group is discarded, then it alone is gone, and a failed image stays failed and can be retried.', async () => {
    const id = await failedImage();
    const { id: damaged } = await group();
    await consume([uploadedEvent()], () => dead('another'));
    expect((await discard({ group: damaged }).expect(200)).body).toEqual({ discarded: 1, more: false });
    expect(await count()).toBe(1);
    expect(await extractOf(id)).toBe('failed');
    await gateway.post(`/api/images/${id}/retry`).expect(202);
  });
});

it.each([{}, { all: false }, { all: true, group: '0'.repeat(16) }, { ids: [] }, { group: 'x' }, { some: 1 }])(
  'When the selection is %j, then it is 400 and nothing is ended.',
  async (selection) => {
    await consume([uploadedEvent()], () => dead('why'));
    for (const end of [retry, discard]) {
      const { body } = await end(selection).expect(400);
      expect(body.code).toBe('INVALID_INPUT');
    }
    expect(await count()).toBe(1);
  },
);

it('When the bus does not answer, then it is 503 and says when to try again.', async () => {
  await gateway.stop();
  const away = async () => Promise.reject(new Error('RabbitMQ is away'));
  gateway = await startGateway({ bus: (real): MessageBus => ({ ...real, endDeadLetters: away }) });
  for (const asked of [gateway.get(base, admin), retry({ all: true }), discard({ all: true })]) {
    const { body, headers } = await asked.expect(503);
    expect(body.code).toBe('BUS_UNAVAILABLE');
    expect(headers['retry-after']).toBe('5');
  }
});

describe('An error without what differs', () => {
  it.each([
    [
      '20 consumers were lost while they had this message',
      '… consumers were lost while they had this message',
    ],
    [`no image ${randomUUID()} here`, 'no image … here'],
    ['blob 6a1f00c2d4e5f6a7b8c9 is gone', 'blob … is gone'],
    [
      `the message is no JSON: Unexpected token 'x', "xyz" is`,
      'the message is no JSON: Unexpected token "…", "…" is',
    ],
    ['EMAIL_REFUSED: 550 5.1.1 no such user', 'EMAIL_REFUSED: … … no such user'],
    ['deadbeef is a word, and a facade too', 'deadbeef is a word, and a facade too'],
  ])('%s', (reason, error) => expect(errorOf(reason)).toMatch(error));
});
