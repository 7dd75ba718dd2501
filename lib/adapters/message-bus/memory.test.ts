import { randomUUID } from 'node:crypto';
import { queues } from '@image-organizer/contracts/topology';
import type { Lane } from '@image-organizer/contracts/vocabulary';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { describeMessageBus } from '@image-organizer/testing/describe-message-bus';
import type { MemoryConsumer } from './memory-consumer.ts';
import { createMemoryBus, type MemoryBusOptions } from './memory.ts';

const retryDelaysMs = [5, 60, 120];

describeMessageBus('memory', async ({ queues }) => {
  const bus = createMemoryBus({ log: silentLog(), retryDelaysMs, queues });
  return {
    bus,
    retryDelaysMs,
    crashConsumer: async (consumer) => (consumer as MemoryConsumer).abandon(),
    idle: () => bus.idle(),
    dispose: () => bus.close(),
  };
});

describe('the memory bus', () => {
  const queue = queues.ocrImageUploaded;
  const aMessage = (body: string, lane: Lane = 'interactive') => ({
    id: randomUUID(),
    event: queue.event.name,
    lane,
    body,
  });
  const aBus = (options: Partial<MemoryBusOptions> = {}) =>
    createMemoryBus({ log: silentLog(), retryDelaysMs, ...options });

  it('When it is made, then every queue of the topology is there and idle', async () => {
    const bus = aBus();
    await bus.idle();
    for (const each of Object.values(queues)) expect(await bus.depth(each)).toBe(0);
  });

  it('When a place becomes free, then interactive messages go before bulk ones', async () => {
    const bus = aBus();
    for (const [body, lane] of [
      ['b1', 'bulk'],
      ['b2', 'bulk'],
      ['i1', 'interactive'],
      ['i2', 'interactive'],
    ] as const) {
      await bus.publish(aMessage(body, lane));
    }
    const seen: string[] = [];
    await bus.consume(queue, async ({ body }) => (seen.push(body), { kind: 'ack' }), { concurrency: 1 });
    await bus.idle();
    expect(seen).toEqual(['i1', 'i2', 'b1', 'b2']);
  });

  it('When a lost consumer had several messages, then they come back in their order', async () => {
    const bus = aBus();
    for (const body of ['a', 'b', 'c', 'd']) await bus.publish(aMessage(body));
    const allTaken = Promise.withResolvers<void>();
    let taken = 0;
    const hang = () => ((taken += 1) === 3 && allTaken.resolve(), new Promise<never>(() => {}));
    const lost = await bus.consume(queue, hang, { concurrency: 3 });
    await allTaken.promise;
    lost.abandon();
    const seen: string[] = [];
    await bus.consume(queue, async ({ body }) => (seen.push(body), { kind: 'ack' }), { concurrency: 1 });
    await bus.idle();
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
  });

  it('When it is closed, then retries are forgotten and whoever waits for idle goes on', async () => {
    const bus = aBus({ retryDelaysMs: [3_600_000] });
    const handled = Promise.withResolvers<void>();
    await bus.consume(queue, async () => (handled.resolve(), { kind: 'retry', tier: 0, reason: 'later' }), {
      concurrency: 1,
    });
    await bus.publish(aMessage('m'));
    await handled.promise;
    const idle = bus.idle();
    await bus.close();
    await idle;
    expect(await bus.depth(queue)).toBe(0);
  });

  it('When deliveries end, then they are counted by queue and outcome', async () => {
    const metrics = createMetrics({ service: 'test', process: false });
    const bus = aBus({ metrics, retryDelaysMs: [1] });
    await bus.publish(aMessage('waiting'));
    await bus.consume(
      queue,
      async ({ retries }) => (retries ? { kind: 'ack' } : { kind: 'retry', tier: 0, reason: '' }),
      {
        concurrency: 1,
      },
    );
    await bus.idle();
    const text = await metrics.metrics();
    expect(text).toMatch(
      /bus_deliveries_total\{queue="ocr.image-uploaded",outcome="retry",service="test"\} 1/,
    );
    expect(text).toMatch(/bus_deliveries_total\{queue="ocr.image-uploaded",outcome="ack",service="test"\} 1/);
    expect(text).toMatch(/dead_letters_total\{queue="ocr.image-uploaded",service="test"\} 0/);
  });

  it('When a queue is not in the topology, then consuming it is refused', async () => {
    const stranger = { name: 'nobody.knows', event: queue.event };
    await expect(aBus().consume(stranger, async () => ({ kind: 'ack' }), { concurrency: 1 })).rejects.toThrow(
      'nobody.knows',
    );
  });
});
