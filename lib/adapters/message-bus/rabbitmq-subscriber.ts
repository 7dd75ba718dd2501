import type { ConsumeMessage } from 'amqplib';
import type { EventDefinition } from '@image-organizer/contracts/define-event';
import type { OutgoingMessage, Subscription } from './message-bus.ts';
import { declareExchange } from './rabbitmq-declare.ts';
import type { Link } from './rabbitmq-link.ts';
import { hintedBy } from './rabbitmq-message.ts';
import { superviseConnection, type SupervisorOptions } from './rabbitmq-supervisor.ts';
import { lanes, routingKeyOf, type RabbitMqTopology } from './rabbitmq-topology.ts';

export interface RabbitMqSubscriber extends Subscription {
  waitingFor(): string[];
}

export interface SubscriberOptions extends Omit<SupervisorOptions<never>, 'setup'> {
  topology: RabbitMqTopology;
  events: readonly EventDefinition[];
  handler: (message: OutgoingMessage) => void;
}

/** This connection's alone, and gone with it. A reader that is slow loses the oldest. */
const queueOptions = {
  exclusive: true,
  autoDelete: true,
  durable: false,
  arguments: { 'x-queue-type': 'classic', 'x-max-length': 1_000, 'x-overflow': 'drop-head' },
};

/** Listens on a connection of its own, again after each loss, until it is cancelled; what came meanwhile is not heard. */
export function createRabbitMqSubscriber(options: SubscriberOptions): RabbitMqSubscriber {
  const { topology, events, handler, log } = options;

  function receive(link: Link, message: ConsumeMessage | null) {
    if (!message) return link.fail(new Error('the server cancelled a subscriber'));
    try {
      handler(hintedBy(message));
    } catch (error) {
      log.error({ err: error, event: message.properties.type as unknown }, 'a subscriber failed');
    }
  }
  const connection = superviseConnection<string>({
    ...options,
    async setup(link) {
      const channel = await link.openChannel();
      await declareExchange(channel, topology.hints);
      const { queue } = await channel.assertQueue('', queueOptions);
      for (const { name } of events) {
        for (const lane of lanes)
          await channel.bindQueue(queue, topology.hints.name, routingKeyOf(name, lane));
      }
      await channel.consume(queue, (message) => receive(link, message), { noAck: true });
      return queue;
    },
  });
  return { cancel: () => connection.close(), waitingFor: () => connection.waitingFor() };
}
