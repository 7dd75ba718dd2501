import { queues as allQueues, type QueueDefinition } from '@image-organizer/contracts/topology';
import type { Lane } from '@image-organizer/contracts/vocabulary';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { createBusMetrics } from './bus-metrics.ts';
import { UnroutableMessageError, type DeliveryHandler, type MessageBus } from './message-bus.ts';
import { createRabbitMqConsumer, type RabbitMqConsumer } from './rabbitmq-consumer.ts';
import { createRabbitMqDeadLetters } from './rabbitmq-dead-letters.ts';
import { declareTopology } from './rabbitmq-declare.ts';
import type { Link } from './rabbitmq-link.ts';
import { hintOf, newMessage } from './rabbitmq-message.ts';
import {
  createPublisher,
  openPublisher,
  type Publication,
  type PublisherSession,
} from './rabbitmq-publisher.ts';
import { createRabbitMqSubscriber, type RabbitMqSubscriber } from './rabbitmq-subscriber.ts';
import { superviseConnection } from './rabbitmq-supervisor.ts';
import { defaultTimings, within, type RabbitMqTimings } from './rabbitmq-timing.ts';
import { rabbitMqTopology, type RabbitMqTopology, type TopologyOptions } from './rabbitmq-topology.ts';

export interface RabbitMqBusOptions extends TopologyOptions {
  /** amqp:// or amqps://, with user and password. */
  url: string;
  log: Log;
  metrics?: Metrics;
  /** Shown in RabbitMQ's management: the service's name. */
  name?: string;
  /** Tests shorten them. */
  timings?: Partial<RabbitMqTimings>;
  /** The topology; only tests need another. */
  queues?: readonly QueueDefinition[];
}

export interface RabbitMqBus extends MessageBus {
  consume(
    queue: QueueDefinition,
    handler: DeliveryHandler,
    options: { concurrency: number },
  ): Promise<RabbitMqConsumer>;
}

/**
 * The bus on RabbitMQ 3.10 or later. Returns at once and connects in the background, for ever: one connection to publish
 * and one per consumer or subscriber, so that a blocked publisher or a lost consumer is nobody else's trouble. Operations wait a
 * bounded time for a server that is down; `consume` does not wait at all, its messages come once the server does.
 */
export function createRabbitMqBus(options: RabbitMqBusOptions): RabbitMqBus {
  const { url, log, metrics, name = 'image-organizer', queues = Object.values(allQueues) } = options;
  const timings = { ...defaultTimings, ...options.timings };
  const topology = rabbitMqTopology(queues, options);
  const consumers = new Set<RabbitMqConsumer>();
  const subscribers = new Set<RabbitMqSubscriber>();
  let closing: Promise<void> | undefined;

  const declaring = (part: RabbitMqTopology) => (link: Link) =>
    link.withChannel((channel) => declareTopology(channel, part), timings.setupTimeoutMs);
  const declareAll = declaring(topology);
  const connection = superviseConnection<PublisherSession>({
    url,
    log,
    timings,
    name: `${name} publishes`,
    async setup(link) {
      await declareAll(link);
      return openPublisher(link, timings.confirmTimeoutMs);
    },
  });
  const publisher = createPublisher(connection);
  const link = async () => (await connection.session()).link;

  /** What a known queue or binding should have taken is declared again, so that the next attempt finds it. */
  async function publish(publication: Publication) {
    try {
      await publisher.publish(publication);
    } catch (error) {
      if (error instanceof UnroutableMessageError && isRouted(topology, publication)) {
        await link()
          .then(declareAll)
          .catch((reason: unknown) => log.warn({ reason }, 'RabbitMQ: could not declare'));
      }
      throw error;
    }
  }
  const deadLetters = createRabbitMqDeadLetters({
    topology,
    link,
    publish,
    timeoutMs: timings.setupTimeoutMs,
  });
  const lanesOf = ({ name }: QueueDefinition) => {
    const lanes = topology.lanes.filter(({ definition }) => definition.name === name);
    if (lanes.length === 0) throw new Error(`there is no queue ${name} in the topology`);
    return lanes;
  };
  const depthOn = (on: Link, queue: QueueDefinition, lane?: Lane) =>
    on.withChannel(async (channel) => {
      let depth = 0;
      for (const each of lanesOf(queue)) {
        if (!lane || each.lane === lane) depth += (await channel.checkQueue(each.work.name)).messageCount;
      }
      return depth;
    });
  const told = createBusMetrics(metrics, async (queue) => {
    const session = connection.current(); // a scrape does not wait for one
    return session && depthOn(session.link, queue);
  });

  /** Consumers first, then what they still publish, then the connection. */
  async function close() {
    await Promise.all([...consumers, ...subscribers].map((part) => part.cancel()));
    await within(timings.confirmTimeoutMs, publisher.flushed(), () => new Error('not confirmed')).catch(
      () => {},
    );
    await connection.close();
  }

  return {
    async publish(message) {
      if (closing) throw new Error('the message bus is closed');
      await publish(newMessage(topology, message));
      connection.current()?.hint(hintOf(topology, message));
    },
    async consume(queue, handler, { concurrency }) {
      if (closing) throw new Error('the message bus is closed');
      const part = { ...topology, lanes: lanesOf(queue) };
      const consumer = createRabbitMqConsumer({
        url,
        log,
        timings,
        name: `${name} consumes ${queue.name}`,
        topology: part,
        declare: declaring(part),
        publish,
        handler,
        concurrency,
        told,
      });
      consumers.add(consumer);
      told.consumes(queue);
      const cancel = () => consumer.cancel().finally(() => consumers.delete(consumer));
      return { ...consumer, cancel };
    },
    async subscribe(events, handler) {
      if (closing) throw new Error('the message bus is closed');
      const subscriber = createRabbitMqSubscriber({
        ...{ url, log, timings, name: `${name} listens` },
        ...{ topology, events, handler },
      });
      subscribers.add(subscriber);
      return { cancel: () => subscriber.cancel().finally(() => subscribers.delete(subscriber)) };
    },
    deadLetters: (limit) => deadLetters.oldest(limit),
    endDeadLetters: (decide, limit) => deadLetters.end(decide, limit),
    depth: async (queue, lane) => depthOn(await link(), queue, lane),
    waitingFor() {
      const blocked = connection.current()?.link.blockedBy();
      const troubles = [connection, ...consumers, ...subscribers].flatMap((part) => part.waitingFor());
      return [...new Set(troubles), ...(blocked ? [`RabbitMQ takes no messages: ${blocked}`] : [])];
    },
    close: () => (closing ??= close()),
  };
}

/** Whether `topology` has a queue for it. */
const isRouted = ({ events, imports, lanes }: RabbitMqTopology, { exchange, routingKey }: Publication) =>
  ![events.name, imports.name].includes(exchange) ||
  lanes.some(({ work }) =>
    work.bindings.some((binding) => binding.exchange === exchange && binding.routingKey === routingKey),
  );
