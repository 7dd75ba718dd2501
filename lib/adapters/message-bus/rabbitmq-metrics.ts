import { Counter, Gauge } from 'prom-client';
import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { DeliveryEnd } from './rabbitmq-consumer.ts';

/**
 * Registers what the bus tells of itself, under the names that the memory bus uses.
 * @param depthNow undefined while the server cannot be asked: a scrape waits for nobody
 * @returns counts one delivery that has ended
 */
export function createRabbitMqMetrics(
  metrics: Metrics,
  queues: readonly QueueDefinition[],
  depthNow: (queue: QueueDefinition) => Promise<number | undefined>,
): (queue: string, end: DeliveryEnd) => void {
  const ends = new Counter({
    name: 'bus_deliveries_total',
    help: 'Deliveries that have ended, by how.',
    labelNames: ['queue', 'outcome'],
    registers: [metrics],
  });
  new Gauge({
    name: 'bus_queue_messages',
    help: 'Messages that wait for a consumer.',
    labelNames: ['queue'],
    registers: [metrics],
    async collect() {
      const depths = await Promise.all(queues.map(depthNow));
      this.reset();
      depths.forEach((depth, index) => {
        if (depth !== undefined) this.set({ queue: queues[index]!.name }, depth);
      });
    },
  });
  return (queue, outcome) => ends.inc({ queue, outcome });
}
