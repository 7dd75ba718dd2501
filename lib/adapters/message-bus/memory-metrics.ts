import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { MemoryQueue } from './memory-queue.ts';

export type DeliveryEnd = 'ack' | 'retry' | 'dead' | 'lost';

/** Registers what the bus tells of itself. @returns counts one delivery that has ended */
export function createMemoryBusMetrics(
  metrics: Metrics,
  queues: MemoryQueue[],
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
    collect() {
      for (const queue of queues) this.set({ queue: queue.definition.name }, queue.depth());
    },
  });
  return (queue, outcome) => ends.inc({ queue, outcome });
}
