import { randomBytes, randomUUID } from 'node:crypto';
import { queues } from '@image-organizer/contracts/topology';
import { onChannel } from '@image-organizer/testing/rabbitmq-harness';
import { tinyImages } from './faults/support/tiny-images.ts';
import { until } from './support/client.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { metricOf } from './support/metrics.ts';
import { serversNamed } from './support/servers.ts';

const describeServers = serversNamed ? describe : describe.skip;
const mebibyte = 1024 * 1024;

describeServers('A message that no service can work on', () => {
  let cluster: Cluster;
  /** An image that was organised before. */
  let imageId: string;
  let ownerId: string;
  beforeAll(async () => {
    cluster = await startCluster();
    imageId = await organized();
    const [image] = await cluster.catalog.findImages([imageId]);
    ownerId = image!.ownerId;
  }, 120_000);
  afterAll(() => cluster?.stop());

  /** Resolves with its id when one more image has gone all the way. */
  async function organized(): Promise<string> {
    const client = await cluster.client();
    const { batchId, images } = await client.upload(await tinyImages(1));
    await client.completed(batchId);
    expect(await client.image(images[0]!.id)).toMatchObject({ status: 'organized' });
    return images[0]!.id;
  }
  /** Puts it on the queue past everything of ours. @returns its id */
  async function send(queue: string, content: Buffer): Promise<string> {
    const messageId = randomUUID();
    await onChannel(cluster.environment['RABBITMQ_URL']!, async (channel) => {
      channel.sendToQueue(queue, content, { messageId, persistent: true });
      await channel.close();
    });
    return messageId;
  }
  const letterOf = async (messageId: string) =>
    until(
      async () => (await cluster.bus.deadLetters(100)).find(({ message }) => message.id === messageId),
      Boolean,
    );
  const errorsOf = (output: string, messageId: string) =>
    output.split('\n').filter((line) => line.includes('"level":50') && line.includes(messageId));
  const deadOf = (queue: string) =>
    metricOf(cluster.one('ocr'), 'bus_deliveries_total', { queue, outcome: 'dead' });

  const event = (changes: object = {}) => ({
    id: randomUUID(),
    name: 'image.uploaded',
    version: 1,
    occurredAt: new Date().toISOString(),
    requestId: null,
    data: { imageId, ownerId },
    ...changes,
  });
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));

  it.each<[string, () => Buffer, RegExp]>([
    ['is no JSON', () => Buffer.from('{"id":'), /no JSON/],
    ['is empty', () => Buffer.alloc(0), /no JSON/],
    ['is random bytes', () => randomBytes(1_000), /no JSON/],
    ['is JSON but no event', () => json([1, 2]), /not an event envelope/],
    [
      'is another event',
      () => json(event({ name: 'image.extracted' })),
      /expected image.uploaded, got image.ex/,
    ],
    ['has an unknown version', () => json(event({ version: 99 })), /version 99 is unknown here/],
    ['has data of another shape', () => json(event({ data: { imageId: 7 } })), /image\.uploaded: .*imageId/s],
    [
      'names an image that does not exist',
      () => json(event({ data: { imageId: randomUUID(), ownerId } })),
      /not in the catalogue/,
    ],
    [
      'names an owner who does not exist',
      () => json(event({ data: { imageId, ownerId: randomUUID() } })),
      /not in the catalogue/,
    ],
    ['is 15 MiB long', () => Buffer.alloc(15 * mebibyte, 'x'), /its body has 15728640 bytes/],
  ])(
    'When it %s, then it is dead-lettered with its reason, counted, logged once, and the next one is worked on.',
    async (_what, content, reason) => {
      const queue = 'ocr.image-uploaded';
      const before = await deadOf(queue);
      const id = await send(queue, content());
      expect(await letterOf(id)).toMatchObject({ queue, reason: expect.stringMatching(reason) as string });
      await organized();
      expect(await deadOf(queue)).toBe(before + 1);
      const errors = errorsOf(cluster.one('ocr').output(), id);
      expect(errors).toEqual([expect.stringContaining('a message is dead')]);
    },
  );

  it('When it lies on any other queue, then it is dead-lettered from there.', async () => {
    for (const { name } of Object.values(queues)) {
      const id = await send(name, Buffer.from('rubbish'));
      expect(await letterOf(id)).toMatchObject({
        queue: name,
        reason: expect.stringMatching(/no JSON/) as string,
      });
    }
    await organized();
  });

  it.each([
    ['organizer.image-organized', 'image.organized', { folder: 'A', filename: 'a.png' }],
    ['organizer.image-failed', 'image.failed', { stage: 'extract', error: { code: 'X', detail: 'x' } }],
    ['notification.batch-completed', 'batch.completed', {}],
  ])(
    'When it lies on %s and names what does not exist, then it is dead-lettered.',
    async (queue, name, more) => {
      const data = { imageId: randomUUID(), ownerId, batchId: randomUUID(), ...more };
      const id = await send(queue, json(event({ name, data })));
      const reason = expect.stringMatching(/not in the catalogue/) as string;
      expect(await letterOf(id)).toMatchObject({ queue, reason });
      await organized();
    },
  );

  it('When it is 100 MiB long, then the broker refuses it, the publisher says why, and goes on.', async () => {
    const message = { event: 'image.uploaded', lane: 'interactive' } as const;
    const tooLong = { ...message, id: randomUUID(), body: 'x'.repeat(100 * mebibyte) };
    await expect(cluster.bus.publish(tooLong)).rejects.toThrow(
      /RabbitMQ did not take the message: .*larger than/,
    );
    const next = { ...message, id: randomUUID(), body: JSON.stringify(event()) };
    await until(
      () =>
        cluster.bus.publish(next).then(
          () => true,
          () => false,
        ),
      Boolean,
    );
    await organized();
  });
});
