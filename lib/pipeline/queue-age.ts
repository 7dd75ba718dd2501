import type { Clock } from '@image-organizer/platform/clock';
import { sharedMetric, type Metrics } from '@image-organizer/platform/metrics';
import { Gauge } from 'prom-client';

export interface QueueAge {
  /** A message was taken. */
  begin(): void;
  /** The event of one that was taken tells when it occurred. */
  waited(since: Date): void;
  /** One that was taken has its outcome. */
  end(): void;
}

/** `queue_oldest_age_seconds{queue}`: how long the message taken last had waited; 0 while none is worked on. */
export function createQueueAge(metrics: Metrics, clock: Clock, queue: string): QueueAge {
  const name = 'queue_oldest_age_seconds';
  const age = sharedMetric(
    metrics,
    name,
    () =>
      new Gauge({
        name,
        help: 'Age of the event of the message that was taken last; 0 while none is worked on.',
        labelNames: ['queue'],
        registers: [metrics],
      }),
  );
  let inFlight = 0;
  age.set({ queue }, 0);
  return {
    begin: () => void (inFlight += 1),
    waited: (since) => age.set({ queue }, Math.max(0, (clock.now().getTime() - since.getTime()) / 1000)),
    end() {
      inFlight -= 1;
      if (inFlight === 0) age.set({ queue }, 0);
    },
  };
}
