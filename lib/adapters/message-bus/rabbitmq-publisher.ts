import { randomUUID } from 'node:crypto';
import type { Options } from 'amqplib';
import { messageOf } from '@image-organizer/platform/errors';
import { UnroutableMessageError } from './message-bus.ts';
import type { Link } from './rabbitmq-link.ts';
import type { Supervised } from './rabbitmq-supervisor.ts';

export interface Publication {
  /** '' is the default exchange, where the routing key is the queue's name. */
  exchange: string;
  routingKey: string;
  content: Buffer;
  properties: Options.Publish;
}

export interface PublisherSession {
  link: Link;
  /**
   * Resolves once the server has it safely on a queue.
   * @throws UnroutableMessageError no queue takes it
   * @throws Error it may or may not have arrived: publish it again
   */
  publish(publication: Publication): Promise<void>;
  /** Sends it to whoever listens: nobody may, and it may be lost. */
  hint(publication: Publication): void;
}

/** Publishes on a confirm channel of `link`. @param confirmTimeoutMs after which the link is given up */
export async function openPublisher(link: Link, confirmTimeoutMs: number): Promise<PublisherSession> {
  const channel = await link.openConfirmChannel();
  const returned = new Set<unknown>();
  // The return of a message always comes before its confirm.
  channel.on('return', ({ properties }) => returned.add(properties.correlationId));
  /** What waits for its confirm learns here that none will come, whatever amqplib does with a connection that breaks. */
  const waiting = new Set<(error: Error) => void>();
  void link.lost.then((error) => waiting.forEach((reject) => reject(error)));

  async function confirmed(
    { exchange, routingKey, content, properties }: Publication,
    correlationId: string,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (!link.isAlive()) throw await link.lost; // who waits from now on would hear nothing
    const giveUp = () => {
      const error = new Error('the server did not confirm a message in time');
      link.fail(error);
      reject(error);
    };
    const timer = setTimeout(giveUp, confirmTimeoutMs);
    waiting.add(reject);
    try {
      const options = { ...properties, correlationId, persistent: true, mandatory: true };
      channel.publish(exchange, routingKey, content, options, (error: unknown) =>
        error ? reject(error) : resolve(),
      );
      await promise;
    } finally {
      clearTimeout(timer);
      waiting.delete(reject);
    }
  }

  return {
    link,
    async publish(publication) {
      const id = randomUUID(); // a message id may be under way more than once
      try {
        await confirmed(publication, id);
      } catch (error) {
        returned.delete(id);
        const cause = link.isAlive() ? error : await link.lost; // says more than "channel closed"
        throw new Error(`RabbitMQ did not take the message: ${messageOf(cause)}`, { cause });
      }
      if (returned.delete(id)) {
        throw new UnroutableMessageError(`no queue takes ${publication.routingKey}`);
      }
    },
    hint({ exchange, routingKey, content, properties }) {
      if (!link.isAlive() || link.blockedBy()) return;
      try {
        channel.publish(exchange, routingKey, content, properties);
      } catch {
        // closed meanwhile
      }
    },
  };
}

/** At most so many messages wait for their confirm at once; the rest wait for a place. */
const maxUnconfirmed = 256;

export interface Publisher {
  /** As PublisherSession's; waits a bounded time for a connection. */
  publish(publication: Publication): Promise<void>;
  /** Resolves when nothing waits for its confirm. */
  flushed(): Promise<void>;
}

/** Publishes on whatever connection there is. */
export function createPublisher(connection: Supervised<PublisherSession>): Publisher {
  const unconfirmed = new Set<Promise<void>>();

  async function takePlace() {
    while (unconfirmed.size >= maxUnconfirmed) await Promise.race(unconfirmed);
  }
  async function publishNow(publication: Publication) {
    const session = await connection.session();
    const blocked = session.link.blockedBy();
    if (blocked) throw new Error(`RabbitMQ takes no messages: ${blocked}`);
    await session.publish(publication);
  }
  return {
    async publish(publication) {
      await connection.session(); // so that a server that is down keeps everybody waiting once only
      await takePlace();
      const result = publishNow(publication);
      const place = result.catch(() => {}).finally(() => unconfirmed.delete(place));
      unconfirmed.add(place);
      await result;
    },
    async flushed() {
      while (unconfirmed.size > 0) await Promise.all(unconfirmed);
    },
  };
}
