import { queues as topology, type QueueDefinition } from '@image-organizer/contracts/topology';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { createBusMetrics } from './bus-metrics.ts';
import { createMemoryConsumer, type MemoryConsumer } from './memory-consumer.ts';
import { createMemoryDeadLetters } from './memory-dead-letters.ts';
import { createMemoryQueue, type HeldMessage, type MemoryQueue } from './memory-queue.ts';
import { createMemorySubscribers } from './memory-subscribers.ts';
import {
  UnroutableMessageError,
  type DeliveryHandler,
  type MessageBus,
  type Outcome,
  type OutgoingMessage,
} from './message-bus.ts';

/** Lost so often, a message is taken for one that kills its consumers: RabbitMQ's x-delivery-limit here. */
const deliveryLimit = 20;

export interface MemoryBusOptions {
  log: Log;
  metrics?: Metrics;
  /** Per tier, shortest first; milliseconds. */
  retryDelaysMs: readonly number[];
  /** The topology; only tests need another. */
  queues?: readonly QueueDefinition[];
}

export interface MemoryBus extends MessageBus {
  consume(
    queue: QueueDefinition,
    handler: DeliveryHandler,
    options: { concurrency: number },
  ): Promise<MemoryConsumer>;
  /** Resolves when no message is ready, in flight or waiting for a retry. Dead letters do not count. */
  idle(): Promise<void>;
}

/**
 * A bus inside one process. It keeps nothing: after a restart, or for what `close` leaves behind, the catalogue's outbox
 * and the sweeper publish again.
 */
export function createMemoryBus(options: MemoryBusOptions): MemoryBus {
  const { log, metrics, retryDelaysMs, queues: definitions = Object.values(topology) } = options;
  const queues = new Map(definitions.map((definition) => [definition.name, createMemoryQueue(definition)]));
  const told = createBusMetrics(metrics, async ({ name }) => queueNamed(name).depth());
  const consumers = new Set<MemoryConsumer>();
  const subscribers = createMemorySubscribers(log);
  const retries = new Set<NodeJS.Timeout>();
  const deadLetters = createMemoryDeadLetters((name, held) => add(queueNamed(name), held));
  const idleWaiters: (() => void)[] = [];
  let unfinished = 0;
  let closed = false;

  function queueNamed(name: string): MemoryQueue {
    const queue = queues.get(name);
    if (!queue) throw new Error(`there is no queue ${name} in the topology`);
    return queue;
  }
  function refuseWhenClosed() {
    if (closed) throw new Error('the message bus is closed');
  }
  function add(queue: MemoryQueue, held: HeldMessage) {
    refuseWhenClosed();
    unfinished += 1;
    queue.append(held);
  }
  function finish(messages: number) {
    unfinished -= messages;
    if (unfinished === 0) for (const wake of idleWaiters.splice(0)) wake();
  }

  function bury(queue: MemoryQueue, held: HeldMessage, reason: string) {
    log.error({ queue: queue.definition.name, messageId: held.message.id, reason }, 'a message is dead');
    told.buried(queue.definition);
    deadLetters.add(queue.definition.name, held, reason);
    finish(1);
  }
  function retryLater(queue: MemoryQueue, held: HeldMessage, tier: number, reason: string) {
    const delayMs = retryDelaysMs[Math.min(tier, retryDelaysMs.length - 1)] ?? 0;
    log.warn(
      { queue: queue.definition.name, messageId: held.message.id, delayMs, reason },
      'a message will be retried',
    );
    const timer = setTimeout(() => {
      retries.delete(timer);
      queue.append({ message: held.message, retries: held.retries + 1, losses: 0 });
    }, delayMs);
    retries.add(timer);
  }
  function settle(queue: MemoryQueue, held: HeldMessage, outcome: Outcome) {
    told.ended(queue.definition, outcome.kind);
    if (outcome.kind === 'ack') finish(1);
    else if (outcome.kind === 'dead') bury(queue, held, outcome.reason);
    else retryLater(queue, held, outcome.tier, outcome.reason);
  }
  function takeBack(queue: MemoryQueue, lost: HeldMessage[]) {
    const returned = lost.map((held) => ({ ...held, losses: held.losses + 1 }));
    returned.forEach(() => told.ended(queue.definition, 'lost'));
    queue.giveBack(returned.filter(({ losses }) => losses < deliveryLimit));
    for (const held of returned.filter(({ losses }) => losses >= deliveryLimit)) {
      bury(queue, held, `${deliveryLimit} consumers were lost while they had this message`);
    }
  }

  return {
    async publish({ id, event, lane, body, traceparent }: OutgoingMessage) {
      refuseWhenClosed();
      const bound = [...queues.values()].filter(({ definition }) => definition.event.name === event);
      if (bound.length === 0) throw new UnroutableMessageError(`no queue takes ${event}`);
      const message = { id, event, lane, body, traceparent };
      for (const queue of bound) add(queue, { message, retries: 0, losses: 0 });
      subscribers.tell(message);
    },
    async consume({ name }, handler, { concurrency }) {
      refuseWhenClosed();
      const queue = queueNamed(name);
      const consumer = createMemoryConsumer({
        queue,
        handler,
        concurrency,
        onOutcome: (held, outcome) => settle(queue, held, outcome),
        onLost: (lost) => takeBack(queue, lost),
      });
      consumers.add(consumer);
      told.consumes(queue.definition);
      return consumer;
    },
    async subscribe(events, handler) {
      refuseWhenClosed();
      return subscribers.add(events, handler);
    },
    deadLetters: async (limit) => deadLetters.oldest(limit),
    endDeadLetters: (decide, limit) => deadLetters.end(decide, limit),
    depth: async ({ name }, lane) => queueNamed(name).depth(lane),
    async idle() {
      while (unfinished > 0) await new Promise<void>((resolve) => idleWaiters.push(resolve));
    },
    waitingFor: () => [],
    async close() {
      closed = true;
      subscribers.clear();
      await Promise.all([...consumers].map((consumer) => consumer.cancel()));
      for (const timer of retries) clearTimeout(timer);
      for (const queue of queues.values()) queue.clear();
      finish(unfinished);
    },
  };
}
