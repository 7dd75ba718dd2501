import type { QueueDefinition } from '@image-organizer/contracts/topology';
import { answerInTime, type Metrics } from '@image-organizer/platform/metrics';
import { Counter, Gauge } from 'prom-client';
import type { Outcome } from './message-bus.ts';

export type DeliveryEnd = Outcome['kind'] | 'lost';

export interface BusMetrics {
  /** This process consumes `queue`: from now on it tells of it. */
  consumes(queue: QueueDefinition): void;
  ended(queue: QueueDefinition, end: DeliveryEnd): void;
  /** A message of it lies with the dead letters now. */
  buried(queue: QueueDefinition): void;
}

/**
 * Registers what a bus tells of itself.
 * @param depth messages that wait; asked at each scrape for the queues that are consumed here
 */
export function createBusMetrics(
  metrics: Metrics | undefined,
  depth: (queue: QueueDefinition) => Promise<number | undefined>,
): BusMetrics {
  const registers = metrics ? [metrics] : [];
  const consumed = new Set<QueueDefinition>();
  const ends = new Counter({
    name: 'bus_deliveries_total',
    help: 'Deliveries that have ended, by how.',
    labelNames: ['queue', 'outcome'],
    registers,
  });
  const dead = new Counter({
    name: 'dead_letters_total',
    help: 'Messages that were given up and put with the dead letters.',
    labelNames: ['queue'],
    registers,
  });
  new Gauge({
    name: 'queue_messages',
    help: 'Messages that wait for a consumer, told by each process that consumes the queue; missing while the broker gives no answer.',
    labelNames: ['queue'],
    registers,
    async collect() {
      const queues = [...consumed];
      const depths = await Promise.all(queues.map((queue) => answerInTime(depth(queue))));
      this.reset();
      depths.forEach((messages, index) => {
        if (messages !== undefined) this.set({ queue: queues[index]!.name }, messages);
      });
    },
  });
  return {
    consumes(queue) {
      consumed.add(queue);
      dead.inc({ queue: queue.name }, 0); // an increase is seen only of what was there before
    },
    ended: ({ name }, outcome) => ends.inc({ queue: name, outcome }),
    buried: ({ name }) => dead.inc({ queue: name }),
  };
}
