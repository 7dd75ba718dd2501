import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { Lane } from '@image-organizer/contracts/vocabulary';
import type { OutgoingMessage } from './message-bus.ts';

/** A message as a queue keeps it. */
export interface HeldMessage {
  readonly message: OutgoingMessage;
  /** Answered with `retry` so often. */
  readonly retries: number;
  /** So many consumers were lost while they had it; begins anew with each retry, as it does on RabbitMQ. */
  readonly losses: number;
}

/** Somebody who takes messages of one queue. */
export interface MessageTaker {
  hasPlaceFor(lane: Lane): boolean;
  take(held: HeldMessage): void;
}

export interface MemoryQueue {
  readonly definition: QueueDefinition;
  readonly takers: Set<MessageTaker>;
  append(held: HeldMessage): void;
  /** Puts back, in front, what a lost consumer had, oldest first. */
  giveBack(held: HeldMessage[]): void;
  /** Hands messages to free takers in a later macrotask, so that a publisher never runs a handler. */
  wake(): void;
  depth(lane?: Lane): number;
  clear(): void;
}

/** One queue of the topology: both lanes, first in first out, the interactive one before the bulk one. */
export function createMemoryQueue(definition: QueueDefinition): MemoryQueue {
  const ready: Record<Lane, HeldMessage[]> = { interactive: [], bulk: [] };
  const takers = new Set<MessageTaker>();
  let awake = false;

  function handOver(taker: MessageTaker): boolean {
    const lane = (['interactive', 'bulk'] as const).find(
      (name) => ready[name].length > 0 && taker.hasPlaceFor(name),
    );
    if (!lane) return false;
    taker.take(ready[lane].shift()!);
    return true;
  }
  // One message each per round, so that one consumer does not fill all its places while another has none.
  function handOutAll() {
    awake = false;
    let free = [...takers];
    while (free.length > 0) free = free.filter((taker) => handOver(taker));
  }
  function wake() {
    if (awake) return;
    awake = true;
    setImmediate(handOutAll);
  }

  return {
    definition,
    takers,
    append(held) {
      ready[held.message.lane].push(held);
      wake();
    },
    giveBack(messages) {
      for (const held of messages.toReversed()) ready[held.message.lane].unshift(held);
      wake();
    },
    wake,
    depth: (lane) => (lane ? ready[lane].length : ready.interactive.length + ready.bulk.length),
    clear() {
      ready.interactive.length = 0;
      ready.bulk.length = 0;
    },
  };
}
