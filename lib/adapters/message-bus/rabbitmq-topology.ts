import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { Lane } from '@image-organizer/contracts/vocabulary';

export interface TopologyOptions {
  /** Per retry tier, shortest first; milliseconds. */
  retryDelaysMs: readonly number[];
  /** In front of every exchange and queue name, so that several topologies share one server. */
  prefix?: string;
  /**
   * Messages that a work queue takes before it refuses more. Arguments are frozen once declared, so in production a
   * limit belongs into a policy.
   */
  maxLength?: number;
}

export interface ExchangeDeclaration {
  name: string;
  type: 'topic' | 'direct';
}

export interface QueueDeclaration {
  name: string;
  arguments: Record<string, string | number>;
  bindings: { exchange: string; routingKey: string }[];
}

/** One lane of one queue: where its messages are worked on, wait for a retry and end. */
export interface LaneQueues {
  definition: QueueDefinition;
  lane: Lane;
  work: QueueDeclaration;
  /** Shortest delay first. */
  tiers: QueueDeclaration[];
}

export interface RabbitMqTopology {
  /** Of events whose names do not begin with `import.`. */
  events: ExchangeDeclaration;
  imports: ExchangeDeclaration;
  /** For subscribers: apart from `events`, where a subscriber's queue would hide that no work queue takes a message. */
  hints: ExchangeDeclaration;
  deadLetters: ExchangeDeclaration;
  deadLetterQueue: QueueDeclaration;
  lanes: LaneQueues[];
}

export const lanes = ['interactive', 'bulk'] as const satisfies readonly Lane[];

/** The routing key of an event on the topic exchange. */
export const routingKeyOf = (event: string, lane: Lane) => (lane === 'bulk' ? `${event}.bulk` : event);

/** Where an event is published. */
export const exchangeOf = (
  { events, imports }: Pick<RabbitMqTopology, 'events' | 'imports'>,
  event: string,
) => (event.startsWith('import.') ? imports : events);

/** Lost so often with its consumer, a message is taken for one that kills consumers. */
export const deliveryLimit = 20;

/**
 * Everything that RabbitMQ must hold for `queues`. RabbitMQ 3.10 and 4.x both understand it: no priorities, no
 * per-message TTL, no plugin.
 */
export function rabbitMqTopology(
  queues: readonly QueueDefinition[],
  { retryDelaysMs, prefix = '', maxLength }: TopologyOptions,
): RabbitMqTopology {
  const events = { name: `${prefix}images`, type: 'topic' } as const;
  const imports = { name: `${prefix}imports`, type: 'topic' } as const;
  const hints = { name: `${prefix}hints`, type: 'topic' } as const;
  const deadLetters = { name: `${prefix}dead-letters`, type: 'direct' } as const;

  const laneQueues = (definition: QueueDefinition, lane: Lane): LaneQueues => {
    const name = `${prefix}${definition.name}${lane === 'bulk' ? '.bulk' : ''}`;
    const work = {
      name,
      arguments: {
        ...quorum,
        ...deadLettersTo(deadLetters.name, name),
        'x-delivery-limit': deliveryLimit,
        ...(maxLength === undefined ? {} : { 'x-max-length': maxLength }),
      },
      bindings: [
        {
          exchange: exchangeOf({ events, imports }, definition.event.name).name,
          routingKey: routingKeyOf(definition.event.name, lane),
        },
      ],
    };
    return {
      definition,
      lane,
      work,
      tiers: retryDelaysMs.map((delayMs, tier) => retryTier(name, tier, delayMs)),
    };
  };
  const all = queues.flatMap((definition) => lanes.map((lane) => laneQueues(definition, lane)));
  return {
    ...{ events, imports, hints, deadLetters, lanes: all },
    deadLetterQueue: deadLetterQueue(deadLetters.name, all),
  };
}

const quorum = { 'x-queue-type': 'quorum' };

/** At-least-once needs reject-publish: with drop-head it degrades to at-most-once without a word. */
const deadLettersTo = (exchange: string, routingKey: string) => ({
  'x-dead-letter-exchange': exchange,
  'x-dead-letter-routing-key': routingKey,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

/** All messages of a tier wait equally long, so none is held up by the one in front of it. It has no consumer. */
const retryTier = (work: string, tier: number, delayMs: number): QueueDeclaration => ({
  name: `${work}.retry-${tier + 1}`,
  arguments: { ...quorum, ...deadLettersTo('', work), 'x-message-ttl': delayMs },
  bindings: [],
});

/** A look takes and returns; without a limit of its own the queue would drop a letter after 20 looks (RabbitMQ 4). */
const looksLimit = 1_000_000_000;

/** One queue for all, so that the oldest come first. A letter's routing key is the work queue it comes from. */
const deadLetterQueue = (exchange: string, from: LaneQueues[]): QueueDeclaration => ({
  name: exchange,
  arguments: { ...quorum, 'x-delivery-limit': looksLimit },
  bindings: from.map(({ work }) => ({ exchange, routingKey: work.name })),
});
