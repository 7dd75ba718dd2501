import type { EventDefinition } from '@image-organizer/contracts/define-event';
import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { Lane } from '@image-organizer/contracts/vocabulary';

/** One message to publish. `body` is the JSON of an Envelope (lib/contracts/envelope.ts). */
export interface OutgoingMessage {
  /** The envelope's id: the same whenever the same outbox entry is published again. */
  id: string;
  /** The event's name, the routing key. */
  event: string;
  lane: Lane;
  body: string;
  /** The trace that the message belongs to, W3C Trace Context: it stays with it through retries, death and replay. */
  traceparent?: string | undefined;
}

/** One message as it reaches a consumer. */
export interface Delivery extends OutgoingMessage {
  /** How often a consumer has answered `retry` to it before; 0 the first time. */
  retries: number;
  /** True when it may have been delivered before without an answer: its consumer was lost. */
  redelivered: boolean;
}

/** What becomes of a delivery. There is no nack-requeue: as a retry it is a hot loop on RabbitMQ 4.3. */
export type Outcome =
  | { kind: 'ack' }
  /** Comes back after the tier's delay (0 is the shortest; a tier beyond the last counts as the last). */
  | { kind: 'retry'; tier: number; reason: string }
  | { kind: 'dead'; reason: string };

export type DeliveryHandler = (delivery: Delivery) => Promise<Outcome>;

export interface Consumer {
  /** Takes no further message; resolves when those in flight have had their outcome. Safe to call twice. */
  cancel(): Promise<void>;
}

export interface Subscription {
  /** Hears nothing more. Safe to call twice. */
  cancel(): Promise<void>;
}

/** A message that nobody can process, with why. It stays until it is replayed or discarded. */
export interface DeadLetter {
  message: OutgoingMessage;
  queue: string;
  reason: string;
  /** Puts it back on its own queue as if it came for the first time (retries 0, no trace of the death). */
  replay(): Promise<void>;
  discard(): Promise<void>;
}

export type LetterFate = 'keep' | 'replay' | 'discard';

/** No queue takes this event: the topology is incomplete or a binding was deleted. The outbox keeps the entry. */
export class UnroutableMessageError extends Error {
  override name = 'UnroutableMessageError';
}

/**
 * Carries messages from publishers to queues of competing consumers, at least once.
 * Adapters: memory, rabbitmq. `describeMessageBus` (lib/testing) is the specification.
 *
 * - The queues of `contracts/topology.ts` exist before any consumer does: what is published meanwhile waits.
 * - A message on a queue reaches one consumer of it; a different queue bound to the same event gets its own copy.
 * - A consumer that is lost before its outcome gives the message back (`redelivered`); after 20 such losses it is dead.
 * - A handler that throws counts as `{kind: 'retry', tier: 0}`.
 * - `publish` never runs a handler before it has resolved, and messages are JSON: no object is shared.
 */
export interface MessageBus {
  /** Resolves when the bus has taken responsibility. @throws UnroutableMessageError */
  publish(message: OutgoingMessage): Promise<void>;
  /**
   * Consumes both lanes of `queue`.
   * @param options.concurrency messages in flight at once over both lanes; one place of it is never taken by the bulk lane
   *   where there are two or more
   */
  consume(
    queue: QueueDefinition,
    handler: DeliveryHandler,
    options: { concurrency: number },
  ): Promise<Consumer>;
  /**
   * Tells every subscriber of each message of `events` that is published, of both lanes, while it listens. Hints, at most
   * once: nobody waits for a subscriber, nothing is kept for one that is away or slow, and a message that no queue takes is
   * unroutable however many subscribers hear of it. As `consume`, it does not wait for a server.
   * @param handler what it throws is logged
   */
  subscribe(
    events: readonly EventDefinition[],
    handler: (message: OutgoingMessage) => void,
  ): Promise<Subscription>;
  /** A look at the dead letters, oldest first, without taking them. */
  deadLetters(limit: number): Promise<DeadLetter[]>;
  /**
   * Goes once through the dead letters there are, oldest first, and ends those that `decide` wants ended: one at a time is
   * in memory, however many there are. What fails, `decide` too, ends it; those before are ended all the same.
   * @param limit so many are ended at most
   * @returns how many were ended
   */
  endDeadLetters(
    decide: (letter: Pick<DeadLetter, 'message' | 'queue' | 'reason'>) => Promise<LetterFate>,
    limit: number,
  ): Promise<number>;
  /** Messages waiting per queue, of one lane or both, without those in flight and those that wait for a retry. */
  depth(queue: QueueDefinition, lane?: Lane): Promise<number>;
  /** What it waits for, in words; empty when it works. */
  waitingFor(): string[];
  close(): Promise<void>;
}
