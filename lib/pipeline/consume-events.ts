import { EventShapeError, parseEvent } from '@image-organizer/contracts/envelope';
import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { Consumer, MessageBus, Outcome } from '@image-organizer/adapters/message-bus/message-bus';
import { crashPoint } from '@image-organizer/platform/crash-point';
import { messageOf, PermanentError } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { Service } from '@image-organizer/platform/service';
import { tierAfterAttempt } from './retry-policy.ts';

export interface ReceivedEvent<Data> {
  data: Data;
  requestId: string | null;
  /** How often it was answered with `retry` before. */
  retries: number;
}

/**
 * A service that reads one queue's events. What is no such event, or throws a PermanentError, is dead at once, with the reason; a handler that throws
 * is tried again for as long as it takes (its work is idempotent and its cause, a server that is down, passes).
 */
export function consumeEvents<Data>(
  queue: QueueDefinition<Data>,
  { concurrency }: { concurrency: number },
  { bus, log }: { bus: MessageBus; log: Log },
  handle: (event: ReceivedEvent<Data>) => Promise<Outcome>,
): Service {
  let consumer: Consumer | undefined;
  return {
    name: queue.name,
    async start() {
      consumer = await bus.consume(
        queue,
        async ({ id, body, retries }) => {
          try {
            const outcome = await handle({ ...parseEvent(queue.event, body), retries });
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
        },
        { concurrency },
      );
    },
    stop: async () => consumer?.cancel(),
  };
}
