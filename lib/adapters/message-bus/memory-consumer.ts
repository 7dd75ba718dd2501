import { messageOf } from '@image-organizer/platform/errors';
import type { Lane } from '@image-organizer/contracts/vocabulary';
import type { HeldMessage, MemoryQueue } from './memory-queue.ts';
import type { Consumer, DeliveryHandler, Outcome } from './message-bus.ts';

export interface MemoryConsumer extends Consumer {
  /**
   * The consumer is lost, as if its process had been killed: what it has in flight goes back to the queue, and what its
   * handlers still answer is ignored.
   */
  abandon(): void;
}

interface ConsumerOptions {
  queue: MemoryQueue;
  handler: DeliveryHandler;
  concurrency: number;
  onOutcome: (held: HeldMessage, outcome: Outcome) => void;
  /** @param held what was in flight, oldest first */
  onLost: (held: HeldMessage[]) => void;
}

/** Takes messages of `queue` until it is cancelled or abandoned. */
export function createMemoryConsumer({
  queue,
  handler,
  concurrency,
  onOutcome,
  onLost,
}: ConsumerOptions): MemoryConsumer {
  const inFlight = new Map<HeldMessage, Promise<void>>();
  const bulkPlaces = concurrency >= 2 ? concurrency - 1 : 1;

  const inFlightOf = (lane: Lane) =>
    [...inFlight.keys()].filter(({ message }) => message.lane === lane).length;
  async function handle(held: HeldMessage) {
    const outcome = await answerOf(handler, held);
    if (!inFlight.delete(held)) return; // abandoned meanwhile: somebody else has the message
    onOutcome(held, outcome);
    queue.wake();
  }
  const taker = {
    hasPlaceFor: (lane: Lane) =>
      inFlight.size < concurrency && (lane === 'interactive' || inFlightOf('bulk') < bulkPlaces),
    take: (held: HeldMessage) => void inFlight.set(held, handle(held)),
  };
  queue.takers.add(taker);
  queue.wake();

  return {
    async cancel() {
      queue.takers.delete(taker);
      await Promise.all(inFlight.values());
    },
    abandon() {
      queue.takers.delete(taker);
      const lost = [...inFlight.keys()];
      inFlight.clear();
      onLost(lost);
    },
  };
}

/** @returns the handler's outcome; one that throws is worth a retry */
async function answerOf(
  handler: DeliveryHandler,
  { message, retries, losses }: HeldMessage,
): Promise<Outcome> {
  try {
    return await handler({ ...message, retries, redelivered: losses > 0 });
  } catch (error) {
    return { kind: 'retry', tier: 0, reason: messageOf(error) };
  }
}
