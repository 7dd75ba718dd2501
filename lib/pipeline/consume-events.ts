import { EventShapeError, parseEvent } from '@image-organizer/contracts/envelope';
import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type {
  Consumer,
  Delivery,
  MessageBus,
  Outcome,
} from '@image-organizer/adapters/message-bus/message-bus';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import { messageOf, PermanentError } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { annotateSpan, withSpan } from '@image-organizer/platform/tracing';
import { createQueueAge } from './queue-age.ts';
import { tierAfterAttempt } from './retry-policy.ts';

export interface ReceivedEvent<Data> {
  data: Data;
  requestId: string | null;
  /** How often it was answered with `retry` before. */
  retries: number;
}

/**
 * A service that reads one queue's events. What is no such event, or throws a PermanentError, is dead at once, with the
 * reason; a handler that throws anything else is tried again for as long as it takes (its work is idempotent and its cause,
 * a server that is down, passes).
 */
export function consumeEvents<Data>(
  queue: QueueDefinition<Data>,
  { concurrency }: { concurrency: number },
  { bus, clock, log, metrics }: { bus: MessageBus; clock: Clock; log: Log; metrics: Metrics },
  handle: (event: ReceivedEvent<Data>) => Promise<Outcome>,
): Service {
  const age = createQueueAge(metrics, clock, queue.name);
  let consumer: Consumer | undefined;

  async function outcomeOf({ id, body, retries }: Delivery): Promise<Outcome> {
    try {
      const event = parseEvent(queue.event, body);
      if (retries === 0) age.waited(new Date(event.occurredAt)); // a retry is old on purpose
      const outcome = await handle({ ...event, retries });
      crashPoint(`${queue.name}:before-ack`);
      return outcome;
    } catch (error) {
      const reason = messageOf(error);
      // The bus logs every death.
      if (error instanceof EventShapeError || error instanceof PermanentError)
        return { kind: 'dead', reason };
      log.warn(
        { queue: queue.name, messageId: id, retries, reason },
        'message could not be handled, will come again',
      );
      return { kind: 'retry', tier: tierAfterAttempt(retries + 1), reason };
    }
  }

  async function watched(delivery: Delivery): Promise<Outcome> {
    age.begin();
    const outcome = await outcomeOf(delivery).finally(() => age.end());
    annotateSpan({ outcome: outcome.kind }, outcome.kind === 'dead' ? outcome.reason : undefined);
    return outcome;
  }

  return {
    name: queue.name,
    async start() {
      consumer = await bus.consume(
        queue,
        (delivery) =>
          withSpan(
            `process ${queue.name}`,
            {
              'messaging.destination.name': queue.name,
              'messaging.message.id': delivery.id,
              retries: delivery.retries,
            },
            () => watched(delivery),
            { kind: 'consumer', from: delivery },
          ),
        { concurrency },
      );
    },
    stop: async () => consumer?.cancel(),
  };
}
