import { randomUUID } from 'node:crypto';
import { connect, type Channel } from 'amqplib';
import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import {
  createRabbitMqBus,
  type RabbitMqBus,
  type RabbitMqBusOptions,
} from '@image-organizer/adapters/message-bus/rabbitmq';
import type { RabbitMqConsumer } from '@image-organizer/adapters/message-bus/rabbitmq-consumer';
import {
  rabbitMqTopology,
  type RabbitMqTopology,
} from '@image-organizer/adapters/message-bus/rabbitmq-topology';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import type { MessageBusHarness } from './describe-message-bus.ts';
import { mendRabbitMq } from './mend-rabbitmq.ts';

const retryDelaysMs = [50, 100, 150];

export interface RabbitMqHarness extends MessageBusHarness {
  bus: RabbitMqBus;
  topology: RabbitMqTopology;
  prefix: string;
  /** Runs `work` on a plain channel past the bus. */
  onServer<T>(work: (channel: Channel) => Promise<T>): Promise<T>;
}

/** Waits for what happens outside of this process; jest's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Runs `work` on a plain channel of `url`. */
export async function onChannel<T>(url: string, work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(url);
  connection.on('error', () => {});
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    return await work(channel);
  } finally {
    await connection.close().catch(() => {});
  }
}

/** Removes all that a topology put on the server. */
export const removeTopology = (
  url: string,
  { lanes, deadLetterQueue, events, imports, hints, deadLetters }: RabbitMqTopology,
) =>
  onChannel(url, async (channel) => {
    const queues = [...lanes.flatMap(({ work, tiers }) => [work, ...tiers]), deadLetterQueue];
    for (const { name } of queues) await channel.deleteQueue(name);
    for (const { name } of [events, imports, hints, deadLetters]) await channel.deleteExchange(name);
  });

/**
 * A bus with exchanges and queues of its own on the server at `url`, connected.
 * @param options.throughUrl where the bus connects instead: a proxy before the same server
 */
export async function makeRabbitMqHarness(
  url: string,
  queues: readonly QueueDefinition[],
  options: Partial<RabbitMqBusOptions> & { throughUrl?: string } = {},
): Promise<RabbitMqHarness> {
  const prefix = options.prefix ?? `test-${randomUUID().slice(0, 8)}.`;
  const metrics = createMetrics({ service: 'test', process: false });
  const all = { retryDelaysMs, ...options, prefix, queues, metrics, log: options.log ?? silentLog() };
  const topology = rabbitMqTopology(queues, all);
  const bus = createRabbitMqBus({ ...all, url: options.throughUrl ?? url });
  const counted = countCopies(bus, queues);
  const stuck = setTimeout(() => void mendRabbitMq().catch(() => undefined), 5_000);
  await until(() => bus.waitingFor().length === 0);
  clearTimeout(stuck);

  const acknowledged = async () => {
    const ends = await metrics.getSingleMetric('bus_deliveries_total')!.get();
    return ends.values
      .filter(({ labels }) => labels.outcome === 'ack')
      .reduce((sum, { value }) => sum + value, 0);
  };
  const onServer = <T>(work: (channel: Channel) => Promise<T>) => onChannel(url, work);
  const dead = (channel: Channel) => channel.checkQueue(topology.deadLetterQueue.name);
  return {
    bus: counted.bus,
    retryDelaysMs: all.retryDelaysMs,
    topology,
    prefix,
    onServer,
    crashConsumer: async (consumer) => (consumer as RabbitMqConsumer).abandon(),
    idle: () =>
      onServer((channel) =>
        until(async () => {
          const { messageCount } = await dead(channel);
          return counted.unsettled() - (await acknowledged()) - messageCount <= 0;
        }),
      ),
    async dispose() {
      await bus.close();
      await removeTopology(url, topology);
    },
  };
}

/** Every copy that was published ends by an ack, with the dead letters or discarded from there: what is left is at work. */
function countCopies(bus: RabbitMqBus, queues: readonly QueueDefinition[]) {
  let unsettled = 0;
  const publish: MessageBus['publish'] = async (message) => {
    const { event } = message;
    await bus.publish(message);
    unsettled += queues.filter((queue) => queue.event.name === event).length;
  };
  const deadLetters: MessageBus['deadLetters'] = async (limit) =>
    (await bus.deadLetters(limit)).map((letter) => ({
      ...letter,
      discard: async () => {
        await letter.discard();
        unsettled -= 1;
      },
    }));
  const endDeadLetters: MessageBus['endDeadLetters'] = (decide, limit) =>
    bus.endDeadLetters(async (letter) => {
      const fate = await decide(letter);
      if (fate === 'discard') unsettled -= 1;
      return fate;
    }, limit);
  return { bus: { ...bus, publish, deadLetters, endDeadLetters }, unsettled: () => unsettled };
}
