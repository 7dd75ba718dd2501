import type { Message, Options } from 'amqplib';
import type { Delivery, OutgoingMessage } from './message-bus.ts';
import type { Publication } from './rabbitmq-publisher.ts';
import {
  deliveryLimit,
  exchangeOf,
  routingKeyOf,
  type LaneQueues,
  type RabbitMqTopology,
} from './rabbitmq-topology.ts';

/** Longer bodies are dead without being parsed: an event carries ids, never bytes. */
export const maxBodyBytes = 1024 * 1024;

const headerNames = { attempt: 'x-attempt', reason: 'x-reason', trace: 'traceparent' } as const;

/** All headers of a frame share 128 kB, and a longer frame costs the connection. */
const maxReasonCharacters = 2_000;

/** A message on its way to every queue that takes its event. */
export const newMessage = (topology: RabbitMqTopology, message: OutgoingMessage): Publication => ({
  exchange: exchangeOf(topology, message.event).name,
  routingKey: routingKeyOf(message.event, message.lane),
  content: Buffer.from(message.body),
  properties: propertiesOf(message.id, message.event, traceHeader(message.traceparent)),
});

/** A copy on its way to subscribers. */
export const hintOf = (topology: RabbitMqTopology, message: OutgoingMessage): Publication => ({
  ...newMessage(topology, message),
  exchange: topology.hints.name,
});

/** The copy as a subscriber gets it. */
export function hintedBy(message: Message): OutgoingMessage {
  const event = eventOf(message) ?? '';
  return {
    id: idOf(message),
    event,
    lane: message.fields.routingKey === routingKeyOf(event, 'bulk') ? 'bulk' : 'interactive',
    body: message.content.toString(),
    traceparent: traceOf(message),
  };
}

/** The same message on its way to a retry tier. Headers but the trace's are made anew: a kept `x-death` can lose it at the next hop. */
export const retryOf = (message: Message, queues: LaneQueues, tier: number): Publication => ({
  exchange: '',
  routingKey: queues.tiers[Math.min(Math.max(tier, 0), queues.tiers.length - 1)]!.name,
  content: message.content,
  properties: forwarded(message, { [headerNames.attempt]: retriesOf(message) + 1 }),
});

/** The same message on its way to the dead letters. */
export const deadLetterOf = (
  message: Message,
  queues: LaneQueues,
  { deadLetters }: RabbitMqTopology,
  reason: string,
): Publication => ({
  exchange: deadLetters.name,
  routingKey: queues.work.name,
  content: message.content,
  properties: forwarded(message, { [headerNames.reason]: reason.slice(0, maxReasonCharacters) }),
});

/** A dead letter on its way back to the one queue it came from, as if it were new. */
export const replayOf = (letter: Message): Publication => ({
  exchange: '',
  routingKey: letter.fields.routingKey,
  content: letter.content,
  properties: forwarded(letter, {}),
});

export const deliveryOf = (message: Message, { definition, lane }: LaneQueues): Delivery => ({
  id: idOf(message),
  event: eventOf(message) ?? definition.event.name,
  lane,
  body: message.content.toString(),
  retries: retriesOf(message),
  traceparent: traceOf(message),
  redelivered: message.fields.redelivered,
});

export const idOf = (message: Message) => String(message.properties.messageId ?? '');

/** The trace of whatever published it: any string, its reader checks it. */
export function traceOf({ properties }: Message): string | undefined {
  const trace: unknown = properties.headers?.[headerNames.trace];
  return typeof trace === 'string' ? trace : undefined;
}

const traceHeader = (trace: string | undefined) =>
  trace === undefined ? {} : { [headerNames.trace]: trace };

/** After a retry the routing key is a queue's name, so the event travels as the message's type. */
export const eventOf = (message: Message) => message.properties.type as string | undefined;

/** Why a message is with the dead letters: what we wrote there, else what RabbitMQ did, in words. */
export function deathOf(letter: Message): string {
  const headers = letter.properties.headers ?? {};
  const own: unknown = headers[headerNames.reason];
  if (typeof own === 'string') return own;
  const deaths = (headers['x-death'] ?? []) as { queue?: string; reason?: string }[];
  const death = deaths.find(({ queue }) => queue === letter.fields.routingKey)?.reason;
  const reason = death ?? String(headers['x-first-death-reason'] ?? 'unknown');
  return deathWords[reason] ?? `RabbitMQ moved it here: ${reason}`;
}

const deathWords: Record<string, string> = {
  delivery_limit: `${deliveryLimit} consumers were lost while they had this message`,
  rejected: 'a consumer rejected it',
  expired: 'it waited longer than its queue allows',
  maxlen: 'its queue was full',
};

function retriesOf({ properties }: Message): number {
  const attempt: unknown = properties.headers?.[headerNames.attempt];
  return Number.isSafeInteger(attempt) ? (attempt as number) : 0;
}

const propertiesOf = (
  messageId: string,
  type: string | undefined,
  headers: Record<string, unknown>,
): Options.Publish => ({
  messageId,
  type,
  contentType: 'application/json',
  headers,
});

const forwarded = (message: Message, headers: Record<string, unknown>): Options.Publish =>
  propertiesOf(idOf(message), eventOf(message), { ...traceHeader(traceOf(message)), ...headers });
