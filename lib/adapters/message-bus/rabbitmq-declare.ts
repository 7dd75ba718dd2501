import type { Channel } from 'amqplib';
import { messageOf } from '@image-organizer/platform/errors';
import type { ExchangeDeclaration, QueueDeclaration, RabbitMqTopology } from './rabbitmq-topology.ts';

/** The server holds something of this name that is not what this version declares. It stays until a person mends it. */
export class TopologyMismatchError extends Error {
  override name = 'TopologyMismatchError';
}

/**
 * Declares exchanges, queues and bindings. Idempotent: every service does it whenever it connects.
 * @throws TopologyMismatchError the channel is closed then
 */
export async function declareTopology(channel: Channel, topology: RabbitMqTopology): Promise<void> {
  const { events, imports, hints, deadLetters, deadLetterQueue, lanes } = topology;
  for (const exchange of [events, imports, hints, deadLetters]) await declareExchange(channel, exchange);
  // The dead letters first: a work queue must never be without a place for its dead.
  const queues = [deadLetterQueue, ...lanes.flatMap(({ work, tiers }) => [work, ...tiers])];
  for (const queue of queues) await declareQueue(channel, queue);
}

export const declareExchange = (channel: Channel, { name, type }: ExchangeDeclaration) =>
  channel.assertExchange(name, type, { durable: true }).catch(mismatch('exchange', name));

async function declareQueue(channel: Channel, queue: QueueDeclaration) {
  await channel
    .assertQueue(queue.name, { durable: true, arguments: queue.arguments })
    .catch(mismatch('queue', queue.name));
  for (const { exchange, routingKey } of queue.bindings) {
    await channel.bindQueue(queue.name, exchange, routingKey);
  }
}

const mismatch = (kind: 'queue' | 'exchange', name: string) => (error: unknown) => {
  if ((error as { code?: unknown }).code !== preconditionFailed) throw error;
  throw new TopologyMismatchError(
    `${kind} ${name} exists with other arguments (${differenceIn(messageOf(error))}); ` +
      `let it run empty, then delete it: it will be declared anew`,
    { cause: error },
  );
};

const preconditionFailed = 406;

/** What differs, out of RabbitMQ's own sentence where it has the usual shape. */
const differenceIn = (message: string) =>
  /inequivalent arg '[^']*'/.exec(message)?.[0] ??
  /PRECONDITION_FAILED - ([^"]*)/.exec(message)?.[1] ??
  message;
