import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import { messageOf } from '@image-organizer/platform/errors';
import type { BusMetrics, DeliveryEnd } from './bus-metrics.ts';
import type { Consumer, DeliveryHandler, Outcome } from './message-bus.ts';
import type { Link } from './rabbitmq-link.ts';
import { deadLetterOf, deliveryOf, idOf, maxBodyBytes, retryOf } from './rabbitmq-message.ts';
import { bulkPlacesOf, createPlaces } from './rabbitmq-places.ts';
import type { Publication } from './rabbitmq-publisher.ts';
import { superviseConnection, type SupervisorOptions } from './rabbitmq-supervisor.ts';
import { backOffMs, within } from './rabbitmq-timing.ts';
import type { LaneQueues, RabbitMqTopology } from './rabbitmq-topology.ts';

export interface RabbitMqConsumer extends Consumer {
  waitingFor(): string[];
  /** The connection is gone without a word and does not come back, as if the process had been killed. */
  abandon(): void;
}

export interface ConsumerOptions extends Omit<SupervisorOptions<never>, 'setup'> {
  /** Of one queue, both lanes. */
  topology: RabbitMqTopology;
  declare: (link: Link) => Promise<void>;
  publish: (publication: Publication) => Promise<void>;
  handler: DeliveryHandler;
  concurrency: number;
  told: Pick<BusMetrics, 'ended' | 'buried'>;
}

type EndFlow = () => Promise<unknown>;

/** A message that this process holds, and the only channel that may answer it. */
interface Held {
  message: ConsumeMessage;
  queues: LaneQueues;
  channel: Channel;
  link: Link;
}

/** Consumes both lanes on a connection of its own, again and again, until it is cancelled or abandoned. */
export function createRabbitMqConsumer(options: ConsumerOptions): RabbitMqConsumer {
  const { topology, handler, concurrency, log, timings, publish, told } = options;
  const places = createPlaces(concurrency);
  const stop = new AbortController();
  let flow: Promise<EndFlow> | undefined;
  let flowEnded: Promise<void> | undefined;

  const connection = superviseConnection<EndFlow>({
    ...options,
    async setup(link) {
      await options.declare(link);
      flow = consumeLanes(link);
      return flow;
    },
  });

  async function consumeLanes(link: Link): Promise<EndFlow> {
    const channel = await link.openChannel();
    const tags: string[] = [];
    for (const queues of topology.lanes) {
      const onMessage = (message: ConsumeMessage | null) => receive({ message, queues, channel, link });
      await channel.prefetch(queues.lane === 'bulk' ? bulkPlacesOf(concurrency) : concurrency);
      tags.push((await channel.consume(queues.work.name, onMessage)).consumerTag);
    }
    const endFlow = () => Promise.all(tags.map((tag) => channel.cancel(tag)));
    if (stop.signal.aborted) await endFlow();
    return endFlow;
  }
  function receive({ message, ...rest }: Omit<Held, 'message'> & { message: ConsumeMessage | null }) {
    if (!message)
      return rest.link.fail(new Error(`the server cancelled the consumer of ${rest.queues.work.name}`));
    const held = { message, ...rest };
    places.add({ lane: held.queues.lane, run: () => handle(held), giveUp: () => giveBack(held) });
  }

  async function handle(held: Held) {
    if (!held.link.isAlive()) return; // it waited here for a place and is the server's again
    const outcome = await outcomeOf(handler, held);
    const end: DeliveryEnd = (await settle(held, outcome)) ? outcome.kind : 'lost';
    told.ended(held.queues.definition, end);
  }
  /** @returns false when somebody else will get it */
  async function settle(held: Held, outcome: Outcome): Promise<boolean> {
    if (outcome.kind !== 'ack' && !(await forward(held, outcome))) return false;
    await flowEnded; // while it still flows, an acknowledgement would fetch the next message
    return acknowledge(held);
  }
  /** Tries until the message is safe in its new place, or is no longer ours: nothing else may become of it. */
  async function forward(held: Held, outcome: Exclude<Outcome, { kind: 'ack' }>): Promise<boolean> {
    const { message, queues, link } = held;
    const publication =
      outcome.kind === 'retry'
        ? retryOf(message, queues, outcome.tier)
        : deadLetterOf(message, queues, topology, outcome.reason);
    for (let attempt = 0; link.isAlive() && !(attempt > 0 && stop.signal.aborted); attempt += 1) {
      try {
        await publish(publication);
        tell(held, outcome);
        return true;
      } catch (error) {
        log.warn(
          { queue: queues.work.name, messageId: idOf(message), reason: messageOf(error) },
          'could not pass a message on',
        );
        await pause(backOffMs(attempt, timings), undefined, { signal: stop.signal }).catch(() => {});
      }
    }
    return false;
  }
  function tell({ message, queues }: Held, { kind, reason }: Exclude<Outcome, { kind: 'ack' }>) {
    const facts = { queue: queues.definition.name, messageId: idOf(message), reason };
    if (kind === 'dead') {
      told.buried(queues.definition);
      log.error(facts, 'a message is dead');
    } else log.warn(facts, 'a message will be retried');
  }

  /** A lost connection has ended it already. */
  async function endFlow() {
    const ended = flow?.then((end) => end());
    if (ended) await within(timings.closeTimeoutMs, ended, () => new Error('no answer')).catch(() => {});
  }
  async function cancel() {
    stop.abort();
    places.stop();
    flowEnded = endFlow();
    await flowEnded; // first of all: what is given back would come straight to us again
    await places.close();
    await connection.close();
  }
  let cancelling: Promise<void> | undefined;
  return {
    cancel: () => (cancelling ??= cancel()),
    waitingFor: () => connection.waitingFor(),
    abandon() {
      cancelling ??= Promise.resolve(); // nobody waits for what a killed process had in flight
      stop.abort();
      connection.destroy();
    },
  };
}

/** @returns the handler's outcome; one that throws is worth a retry */
async function outcomeOf(handler: DeliveryHandler, { message, queues }: Held): Promise<Outcome> {
  const { length } = message.content;
  if (length > maxBodyBytes)
    return { kind: 'dead', reason: `its body has ${length} bytes; ${maxBodyBytes} are allowed` };
  try {
    return await handler(deliveryOf(message, queues));
  } catch (error) {
    return { kind: 'retry', tier: 0, reason: messageOf(error) };
  }
}

function acknowledge({ channel, message, link }: Held): boolean {
  if (!link.isAlive()) return false;
  try {
    channel.ack(message);
    return true;
  } catch {
    return false; // closed meanwhile
  }
}

function giveBack({ channel, message }: Held): void {
  try {
    channel.nack(message, false, true);
  } catch {
    // closed: it has gone back already
  }
}
