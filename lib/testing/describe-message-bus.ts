import { randomUUID } from 'node:crypto';
import { imageExtracted } from '@image-organizer/contracts/events/image-extracted';
import { imageUploaded } from '@image-organizer/contracts/events/image-uploaded';
import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { Lane } from '@image-organizer/contracts/vocabulary';
import {
  UnroutableMessageError,
  type Consumer,
  type Delivery,
  type DeliveryHandler,
  type MessageBus,
  type Outcome,
  type OutgoingMessage,
} from '@image-organizer/adapters/message-bus/message-bus';
import { seededRandom } from './seeded-random.ts';

export interface MessageBusHarness {
  bus: MessageBus;
  /**
   * The consumer is gone without a word, as if its process had been killed, and does not come back; what it had in flight
   * returns to the queue. Other consumers and publishers do not notice.
   */
  crashConsumer(consumer: Consumer): Promise<void>;
  /** Resolves when no message is ready, in flight or waiting for a retry. */
  idle(): Promise<void>;
  /** Closes the bus and removes what it left anywhere. */
  dispose(): Promise<void>;
  /** Per retry tier, shortest first: at least two, far enough apart that their order is sure. */
  retryDelaysMs: readonly number[];
}

const queue = (name: string, event: QueueDefinition['event']): QueueDefinition => ({ name, event });
const work = queue('worker.image-uploaded', imageUploaded);
const sameEvent = queue('auditor.image-uploaded', imageUploaded);
const otherEvent = queue('worker.image-extracted', imageExtracted);
const lonely = [work];

const ack: Outcome = { kind: 'ack' };
const retry = (tier = 0): Outcome => ({ kind: 'retry', tier, reason: 'not yet' });
const dead: Outcome = { kind: 'dead', reason: 'nobody can read this' };

const aMessage = (
  label: string,
  lane: Lane = 'interactive',
  event: string = imageUploaded.name,
): OutgoingMessage => ({
  id: randomUUID(),
  event,
  lane,
  body: JSON.stringify({ label }),
});
const labelOf = ({ body }: { body: string }) => (JSON.parse(body) as { label: string }).label;
const labels = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Waits for what happens outside of this process's control; jest's own time limit ends it. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** A handler whose deliveries wait until the test answers them. */
function gatedHandler() {
  const waiting: { delivery: Delivery; answer: (outcome: Outcome) => void }[] = [];
  const seen: Delivery[] = [];
  const handler: DeliveryHandler = (delivery) => {
    seen.push(delivery);
    return new Promise((answer) => waiting.push({ delivery, answer }));
  };
  return {
    handler,
    seen,
    waiting,
    arrived: (count: number) => until(() => seen.length >= count),
    answerAll: (outcome: Outcome) => waiting.splice(0).forEach(({ answer }) => answer(outcome)),
  };
}

/** A handler that answers at once and remembers what came. */
function answeringHandler(outcomeOf: (delivery: Delivery) => Outcome | Promise<Outcome> = () => ack) {
  const seen: Delivery[] = [];
  const handler: DeliveryHandler = async (delivery) => {
    seen.push(delivery);
    return outcomeOf(delivery);
  };
  return { handler, seen, labels: () => seen.map(labelOf) };
}

/**
 * The specification of MessageBus. It compares what happened and in which order, never how long it took.
 * @param makeHarness a bus with exactly these queues, all empty; the suite disposes of it
 */
export function describeMessageBus(
  name: string,
  makeHarness: (options: { queues: readonly QueueDefinition[] }) => Promise<MessageBusHarness>,
): void {
  describe(`MessageBus: ${name}`, () => {
    let harness: MessageBusHarness;
    let bus: MessageBus;
    const begin = async (queues: readonly QueueDefinition[]) => {
      harness = await makeHarness({ queues });
      bus = harness.bus;
    };
    afterEach(() => harness.dispose());
    const publishAll = async (names: string[], lane?: Lane) => {
      for (const label of names) await bus.publish(aMessage(label, lane));
    };

    describe('publish', () => {
      it('When a message is consumed, then it comes as it was published, for the first time', async () => {
        await begin(lonely);
        const { handler, seen } = answeringHandler();
        await bus.consume(work, handler, { concurrency: 1 });
        const message = { ...aMessage('ä€😀\n"quoted"', 'bulk') };
        await bus.publish(message);
        await harness.idle();
        expect(seen).toEqual([{ ...message, retries: 0, redelivered: false }]);
      });

      it('When a publisher changes its message afterwards, then the consumer does not see it', async () => {
        await begin(lonely);
        const { handler, labels: seen } = answeringHandler();
        const message = aMessage('as published');
        await bus.publish(message);
        message.body = JSON.stringify({ label: 'changed' });
        await bus.consume(work, handler, { concurrency: 1 });
        await harness.idle();
        expect(seen()).toEqual(['as published']);
      });

      it('When a handler changes its delivery, then the retry is not changed', async () => {
        await begin(lonely);
        const seen: string[] = [];
        const handler: DeliveryHandler = async (delivery) => {
          seen.push(labelOf(delivery));
          delivery.body = JSON.stringify({ label: 'changed' });
          return delivery.retries === 0 ? retry() : ack;
        };
        await bus.consume(work, handler, { concurrency: 1 });
        await bus.publish(aMessage('original'));
        await harness.idle();
        expect(seen).toEqual(['original', 'original']);
      });

      it('When no consumer is there yet, then messages wait for one and keep their order', async () => {
        await begin(lonely);
        await publishAll(labels('m', 20));
        await until(async () => (await bus.depth(work)) === 20);
        const { handler, labels: seen } = answeringHandler();
        await bus.consume(work, handler, { concurrency: 1 });
        await harness.idle();
        expect(seen()).toEqual(labels('m', 20));
        expect(await bus.depth(work)).toBe(0);
      });

      it('When a consumer waits, then publish resolves before the handler runs', async () => {
        await begin(lonely);
        const order: string[] = [];
        await bus.consume(work, async () => (order.push('handled'), ack), { concurrency: 1 });
        await bus.publish(aMessage('m')).then(() => order.push('published'));
        await harness.idle();
        expect(order).toEqual(['published', 'handled']);
      });

      it('When a handler publishes, then that message is delivered too', async () => {
        await begin([work, otherEvent]);
        const next = answeringHandler();
        await bus.consume(otherEvent, next.handler, { concurrency: 1 });
        const first = answeringHandler(async () => {
          await bus.publish(aMessage('next', 'interactive', imageExtracted.name));
          return ack;
        });
        await bus.consume(work, first.handler, { concurrency: 1 });
        await bus.publish(aMessage('first'));
        await until(() => next.seen.length > 0);
        await harness.idle();
        expect(next.labels()).toEqual(['next']);
      });

      it('When no queue takes the event, then publish says so and nothing is kept', async () => {
        await begin(lonely);
        await expect(bus.publish(aMessage('m', 'interactive', 'image.unheard-of'))).rejects.toThrow(
          UnroutableMessageError,
        );
        await expect(bus.publish(aMessage('m', 'bulk', imageExtracted.name))).rejects.toThrow(
          UnroutableMessageError,
        );
        await harness.idle();
        expect(await bus.depth(work)).toBe(0);
      });

      it('When two queues take one event, then each gets its own copy, and other queues none', async () => {
        await begin([work, sameEvent, otherEvent]);
        const one = answeringHandler(({ retries }) => (retries < 2 ? retry() : ack));
        const two = answeringHandler();
        const other = answeringHandler();
        await bus.consume(work, one.handler, { concurrency: 1 });
        await bus.consume(sameEvent, two.handler, { concurrency: 1 });
        await bus.consume(otherEvent, other.handler, { concurrency: 1 });
        await bus.publish(aMessage('m'));
        await harness.idle();
        expect(one.seen.map(({ retries }) => retries)).toEqual([0, 1, 2]);
        expect(two.seen.map(({ retries }) => retries)).toEqual([0]);
        expect(other.seen).toEqual([]);
      });
    });

    describe('consumers', () => {
      it('When two consumers share a queue, then both work at once and each message reaches one of them', async () => {
        await begin(lonely);
        const [one, two] = [gatedHandler(), gatedHandler()];
        await bus.consume(work, one.handler, { concurrency: 1 });
        await bus.consume(work, two.handler, { concurrency: 1 });
        await publishAll(['a', 'b']);
        await Promise.all([one.arrived(1), two.arrived(1)]);
        one.answerAll(ack);
        two.answerAll(ack);
        await harness.idle();
        expect([...one.seen, ...two.seen].map(labelOf).sort()).toEqual(['a', 'b']);
      });

      it.each([1, 2, 5])(
        'When a consumer takes %i at once, then so many are in flight and never more',
        async (concurrency) => {
          await begin(lonely);
          let [now, most] = [0, 0];
          const everyPlaceTaken = Promise.withResolvers<void>();
          await publishAll(labels('b', 15), 'bulk');
          await publishAll(labels('i', 15));
          const { handler, seen } = answeringHandler(async () => {
            now += 1;
            most = Math.max(most, now);
            if (now === concurrency) everyPlaceTaken.resolve();
            await everyPlaceTaken.promise;
            await new Promise(setImmediate);
            now -= 1;
            return ack;
          });
          await bus.consume(work, handler, { concurrency });
          await harness.idle();
          expect(most).toBe(concurrency);
          expect(seen).toHaveLength(30);
        },
      );

      it('When bulk messages hang in every place they may take, then an interactive one still finds a place', async () => {
        await begin(lonely);
        await publishAll(labels('b', 10), 'bulk');
        const { handler, seen, arrived, answerAll, waiting } = gatedHandler();
        await bus.consume(work, handler, { concurrency: 3 });
        await arrived(2);
        await bus.publish(aMessage('person'));
        await arrived(3);
        expect(labelOf(seen[2]!)).toBe('person');
        expect(waiting).toHaveLength(3);
        const emptying = setInterval(() => answerAll(ack), 1);
        await harness.idle().finally(() => clearInterval(emptying));
        expect(seen).toHaveLength(11);
      });

      it('When one place is all there is, then both lanes use it', async () => {
        await begin(lonely);
        await publishAll(labels('b', 3), 'bulk');
        await publishAll(labels('i', 3));
        const { handler, labels: seen } = answeringHandler();
        await bus.consume(work, handler, { concurrency: 1 });
        await harness.idle();
        expect(seen().filter((label) => label.startsWith('b'))).toEqual(labels('b', 3));
        expect(seen().filter((label) => label.startsWith('i'))).toEqual(labels('i', 3));
      });

      it('When a consumer is cancelled, then it finishes what it has and takes no more', async () => {
        await begin(lonely);
        const { handler, seen, arrived, answerAll } = gatedHandler();
        const consumer = await bus.consume(work, handler, { concurrency: 1 });
        await publishAll(['a', 'b']);
        await arrived(1);
        let cancelled = false;
        const cancelling = Promise.all([consumer.cancel(), consumer.cancel()]).then(() => (cancelled = true));
        await new Promise(setImmediate);
        expect(cancelled).toBe(false);
        answerAll(ack);
        await cancelling;
        await consumer.cancel();
        await until(async () => (await bus.depth(work)) === 1);
        expect(seen.map(labelOf)).toEqual(['a']);

        const next = answeringHandler();
        await bus.consume(work, next.handler, { concurrency: 1 });
        await harness.idle();
        expect(next.seen).toMatchObject([{ retries: 0, redelivered: false }]);
        expect(next.labels()).toEqual(['b']);
      });
    });

    describe('subscribers', () => {
      /** Listens to image.uploaded, and to whatever else is named. */
      const listen = async (...others: QueueDefinition['event'][]) => {
        const seen: OutgoingMessage[] = [];
        const subscription = await bus.subscribe([imageUploaded, ...others], (message) => seen.push(message));
        await until(() => bus.waitingFor().length === 0);
        return { seen, subscription, labels: () => seen.map(labelOf) };
      };

      it('When a message is published, then each subscriber gets a copy and the consumer its own', async () => {
        await begin([work, otherEvent]);
        const { handler, seen: consumed } = answeringHandler(({ retries }) => (retries < 1 ? retry() : ack));
        await bus.consume(work, handler, { concurrency: 1 });
        const [one, two] = [await listen(), await listen(imageExtracted)];
        const messages = [
          { ...aMessage('a'), traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
          aMessage('other', 'interactive', imageExtracted.name),
          aMessage('b', 'bulk'),
        ];
        for (const message of messages) await bus.publish(message);
        await until(() => one.seen.length >= 2 && two.seen.length >= 3 && consumed.length >= 4);
        expect(one.seen).toEqual([messages[0], messages[2]]);
        expect(two.seen).toEqual(messages);
        expect(consumed.map(labelOf).sort()).toEqual(['a', 'a', 'b', 'b']);
      });

      it('When a subscriber has left, then it hears nothing more and the others do', async () => {
        await begin(lonely);
        const [left, stays] = [await listen(), await listen()];
        await bus.publish(aMessage('before'));
        await until(() => left.seen.length === 1);
        await Promise.all([left.subscription.cancel(), left.subscription.cancel()]);
        await bus.publish(aMessage('after'));
        await until(() => stays.seen.length === 2);
        expect(left.labels()).toEqual(['before']);
      });

      it('When a subscriber throws or changes its copy, then nobody else notices', async () => {
        await begin(lonely);
        const bad = (message: OutgoingMessage) => {
          message.body = 'changed';
          throw new Error('bad subscriber');
        };
        await bus.subscribe([imageUploaded], bad);
        const good = await listen();
        const { handler, labels: consumed } = answeringHandler();
        await bus.consume(work, handler, { concurrency: 1 });
        await publishAll(['a', 'b']);
        await until(() => good.seen.length === 2);
        await harness.idle();
        expect(good.labels()).toEqual(['a', 'b']);
        expect(consumed()).toEqual(['a', 'b']);
      });

      it('When subscribers alone would hear of a message, then publish says that no queue takes it', async () => {
        await begin(lonely);
        const { seen } = await listen(imageExtracted);
        const unheard = aMessage('m', 'interactive', imageExtracted.name);
        await expect(bus.publish(unheard)).rejects.toThrow(UnroutableMessageError);
        await bus.publish(aMessage('next'));
        await until(() => seen.length > 0);
        expect(seen.map(labelOf)).toEqual(['next']);
      });
    });

    describe('retries', () => {
      it('When a handler asks for retries, then they are counted and the message stays the same', async () => {
        await begin(lonely);
        const { handler, seen } = answeringHandler(({ retries }) => (retries < 3 ? retry() : ack));
        await bus.consume(work, handler, { concurrency: 1 });
        const message = aMessage('m', 'bulk');
        await bus.publish(message);
        await harness.idle();
        expect(seen).toEqual([0, 1, 2, 3].map((retries) => ({ ...message, retries, redelivered: false })));
      });

      it('When a handler throws or rejects, then the message is retried', async () => {
        await begin(lonely);
        const { handler, seen } = answeringHandler();
        const throwing: DeliveryHandler = (delivery) => {
          if (delivery.retries === 0) throw new Error('at once');
          if (delivery.retries === 1) return Promise.reject(new Error('later'));
          return handler(delivery);
        };
        await bus.consume(work, throwing, { concurrency: 1 });
        await bus.publish(aMessage('m'));
        await harness.idle();
        expect(seen.map(({ retries }) => retries)).toEqual([2]);
        expect(await bus.deadLetters(10)).toEqual([]);
      });

      it('When tiers differ, then the shorter one comes back first, and a tier beyond the last counts as the last', async () => {
        await begin(lonely);
        const lastTier = harness.retryDelaysMs.length - 1;
        const tiers: Record<string, number> = { last: lastTier, beyond: lastTier + 7, first: 0 };
        const { handler, waiting, arrived } = gatedHandler();
        await bus.consume(work, handler, { concurrency: 3 });
        await publishAll(Object.keys(tiers));
        await arrived(3);
        for (const { delivery, answer } of waiting.splice(0)) answer(retry(tiers[labelOf(delivery)]));
        await arrived(4);
        expect(waiting.map(({ delivery }) => labelOf(delivery))).toEqual(['first']);
        await arrived(6);
        expect(waiting.map(({ delivery }) => labelOf(delivery)).sort()).toEqual(['beyond', 'first', 'last']);
        waiting.forEach(({ answer }) => answer(ack));
        await harness.idle();
      });

      it('When a message waits for its retry, then those behind it are not held up, nor counted as waiting', async () => {
        await begin(lonely);
        const { handler, labels: seen } = answeringHandler(({ retries, body }) =>
          body.includes('slow') && retries === 0 ? retry(harness.retryDelaysMs.length - 1) : ack,
        );
        await bus.consume(work, handler, { concurrency: 1 });
        await publishAll(['slow', 'a', 'b']);
        await harness.idle();
        expect(seen()).toEqual(['slow', 'a', 'b', 'slow']);
        expect(await bus.depth(work)).toBe(0);
      });
    });

    describe('lost consumers', () => {
      it('When a consumer is lost, then another one gets what it had, marked as redelivered, before what came later', async () => {
        await begin(lonely);
        await publishAll(['a', 'b', 'c']);
        const lost = gatedHandler();
        const consumer = await bus.consume(work, lost.handler, { concurrency: 2 });
        await lost.arrived(2);
        await harness.crashConsumer(consumer);
        const next = answeringHandler();
        await bus.consume(work, next.handler, { concurrency: 1 });
        await harness.idle();
        expect([...next.labels()].sort()).toEqual(['a', 'b', 'c']);
        expect(next.labels()[2]).toBe('c');
        expect(next.seen.map(({ redelivered, retries }) => ({ redelivered, retries }))).toEqual([
          { redelivered: true, retries: 0 },
          { redelivered: true, retries: 0 },
          { redelivered: false, retries: 0 },
        ]);
      });

      it.each([ack, retry(), dead])(
        'When a lost consumer answers $kind after all, then nobody hears it',
        async (late) => {
          await begin(lonely);
          await bus.publish(aMessage('m'));
          const lost = gatedHandler();
          const consumer = await bus.consume(work, lost.handler, { concurrency: 1 });
          await lost.arrived(1);
          await harness.crashConsumer(consumer);
          lost.answerAll(late);
          const next = answeringHandler();
          await bus.consume(work, next.handler, { concurrency: 1 });
          await harness.idle();
          expect(next.seen).toHaveLength(1);
          expect(await bus.deadLetters(10)).toEqual([]);
          await consumer.cancel();
        },
      );

      it('When a message kills every consumer, then it alone is dead after the delivery limit', async () => {
        await begin(lonely);
        await publishAll(['before', 'poison', 'after', 'last']);
        const survivors: string[] = [];
        let victims = 0;
        const handler: DeliveryHandler = async (delivery) => {
          if (labelOf(delivery) !== 'poison') return (survivors.push(labelOf(delivery)), ack);
          victims += 1;
          return new Promise<Outcome>(() => {});
        };
        const isDead = async () => (await bus.deadLetters(1)).length > 0;
        for (let turn = 1; turn <= 25 && !(await isDead()); turn += 1) {
          const consumer = await bus.consume(work, handler, { concurrency: 1 });
          await until(async () => victims === turn || (await isDead()));
          await (victims === turn ? harness.crashConsumer(consumer) : consumer.cancel());
        }
        const rest = await bus.consume(work, handler, { concurrency: 1 });
        await harness.idle();
        await rest.cancel();
        // RabbitMQ's limit counts returns, so it may deliver once more than 20 times.
        expect([20, 21]).toContain(victims);
        expect(survivors.sort()).toEqual(['after', 'before', 'last']);
        expect((await bus.deadLetters(10)).map(({ message }) => labelOf(message))).toEqual(['poison']);
      });
    });

    describe('dead letters', () => {
      const bury = async (names: string[]) => {
        const { handler } = answeringHandler(() => dead);
        const consumer = await bus.consume(work, handler, { concurrency: 1 });
        await publishAll(names);
        await until(async () => (await bus.deadLetters(100)).length === names.length);
        await harness.idle();
        await consumer.cancel();
      };

      it('When a handler gives a message up, then it lies with the dead letters with its queue and why', async () => {
        await begin([work, sameEvent]);
        const { handler } = answeringHandler(() => dead);
        const copies = answeringHandler();
        await bus.consume(work, handler, { concurrency: 1 });
        await bus.consume(sameEvent, copies.handler, { concurrency: 1 });
        const message = aMessage('m', 'bulk');
        await bus.publish(message);
        await until(async () => (await bus.deadLetters(10)).length > 0);
        await harness.idle();
        expect(await bus.deadLetters(10)).toMatchObject([
          { message, queue: work.name, reason: 'nobody can read this' },
        ]);
        expect(copies.seen).toHaveLength(1);
      });

      it('When dead letters are looked at, then the oldest come first, no more than asked for, and they stay', async () => {
        await begin(lonely);
        await bury(['a', 'b', 'c']);
        const look = async (limit: number) =>
          (await bus.deadLetters(limit)).map(({ message }) => labelOf(message));
        expect(await look(2)).toEqual(['a', 'b']);
        expect(await look(10)).toEqual(['a', 'b', 'c']);
      });

      it('When a dead letter is replayed, then it comes to its own queue alone as if for the first time', async () => {
        await begin([work, sameEvent]);
        const { handler, seen } = answeringHandler(({ retries }) => (retries < 2 ? retry() : dead));
        const copies = answeringHandler();
        await bus.consume(sameEvent, copies.handler, { concurrency: 1 });
        const consumer = await bus.consume(work, handler, { concurrency: 1 });
        await bus.publish(aMessage('m'));
        await until(async () => (await bus.deadLetters(10)).length > 0);
        await consumer.cancel();
        await (await bus.deadLetters(1))[0]!.replay();

        // It must survive a retry too: kept traces of a death make some brokers drop it there.
        const second = answeringHandler(({ retries }) => (retries < 1 ? retry() : ack));
        await bus.consume(work, second.handler, { concurrency: 1 });
        await harness.idle();
        expect(seen.map(({ retries }) => retries)).toEqual([0, 1, 2]);
        expect(second.seen).toMatchObject([
          { retries: 0, redelivered: false },
          { retries: 1, redelivered: false },
        ]);
        expect(copies.seen).toHaveLength(1);
        expect(await bus.deadLetters(10)).toEqual([]);
      });

      it('When a message belongs to a trace, then it does so through retries, death and replay', async () => {
        await begin(lonely);
        const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
        const { handler, seen } = answeringHandler(({ retries }) => (retries < 1 ? retry() : dead));
        const consumer = await bus.consume(work, handler, { concurrency: 1 });
        await bus.publish({ ...aMessage('m'), traceparent });
        await until(async () => (await bus.deadLetters(10)).length > 0);
        await consumer.cancel();
        const [letter] = await bus.deadLetters(1);
        await letter!.replay();
        const second = answeringHandler();
        await bus.consume(work, second.handler, { concurrency: 1 });
        await harness.idle();
        const traced = [...seen, letter!.message, ...second.seen].map((message) => message.traceparent);
        expect(traced).toEqual([traceparent, traceparent, traceparent, traceparent]);
      });

      it('When a dead letter is discarded, then it alone is gone', async () => {
        await begin(lonely);
        await bury(['a', 'b', 'c']);
        await (await bus.deadLetters(10))[1]!.discard();
        expect((await bus.deadLetters(10)).map(({ message }) => labelOf(message))).toEqual(['a', 'c']);
        const { handler, seen } = answeringHandler();
        await bus.consume(work, handler, { concurrency: 1 });
        await harness.idle();
        expect(seen).toEqual([]);
      });
    });

    describe('ending many dead letters', () => {
      const bury = async (count: number) => {
        const { handler } = answeringHandler(() => dead);
        const consumer = await bus.consume(work, handler, { concurrency: 1 });
        await publishAll(labels('m', count));
        await harness.idle();
        await until(async () => (await bus.deadLetters(count)).length === count);
        await consumer.cancel();
      };
      const left = async () => (await bus.deadLetters(100)).map(({ message }) => labelOf(message));
      const all = labels('m', 6);

      it('When some are wanted back, some gone and some kept, then each has its fate and those kept their order.', async () => {
        await begin(lonely);
        await bury(6);
        const fates = ['keep', 'replay', 'discard'] as const;
        const ended = await bus.endDeadLetters(async ({ message, queue, reason }) => {
          expect({ queue, reason }).toEqual({ queue: work.name, reason: 'nobody can read this' });
          return fates[all.indexOf(labelOf(message)) % 3]!;
        }, 100);
        expect(ended).toBe(4);
        expect(await left()).toEqual([all[0], all[3]]);
        const { handler, seen } = answeringHandler();
        await bus.consume(work, handler, { concurrency: 1 });
        await harness.idle();
        expect(seen.map(labelOf)).toEqual([all[1], all[4]]);
      });

      it('When there are more than may be ended, then the rest stays in its order.', async () => {
        await begin(lonely);
        await bury(6);
        const decide = async ({ message }: { message: { body: string } }) =>
          labelOf(message) === all[0] ? ('keep' as const) : ('discard' as const);
        expect(await bus.endDeadLetters(decide, 2)).toBe(2);
        expect(await left()).toEqual([all[0], all[3], all[4], all[5]]);
        expect(await bus.endDeadLetters(decide, 3)).toBe(3);
        expect(await bus.endDeadLetters(decide, 3)).toBe(0);
        expect(await left()).toEqual([all[0]]);
      });

      it('When deciding fails, then it says so, and what was not decided stays.', async () => {
        await begin(lonely);
        await bury(3);
        const decide = async ({ message }: { message: { body: string } }) => {
          if (labelOf(message) === all[1]) throw new Error('no idea');
          return 'discard' as const;
        };
        await expect(bus.endDeadLetters(decide, 100)).rejects.toThrow('no idea');
        expect((await left()).toSorted()).toEqual([all[1], all[2]]);
      });
    });

    it('When 1,000 messages have random outcomes, then each is acknowledged exactly once', async () => {
      await begin(lonely);
      const random = seededRandom(7);
      const acknowledged = new Map<string, number>();
      const outcomeOf = async (delivery: Delivery): Promise<Outcome> => {
        if (random() < 0.3) await new Promise(setImmediate);
        if (random() < 0.2) throw new Error('bad luck');
        if (random() < 0.2) return retry(0);
        acknowledged.set(delivery.id, (acknowledged.get(delivery.id) ?? 0) + 1);
        return ack;
      };
      for (const concurrency of [1, 3, 8]) await bus.consume(work, outcomeOf, { concurrency });
      const messages = labels('m', 1_000).map((label) =>
        aMessage(label, random() < 0.5 ? 'bulk' : 'interactive'),
      );
      await Promise.all(messages.map((message) => bus.publish(message)));
      await harness.idle();
      expect(acknowledged.size).toBe(1_000);
      expect([...acknowledged.values()].filter((times) => times !== 1)).toEqual([]);
      expect(await bus.deadLetters(10)).toEqual([]);
    }, 60_000);

    it('When the bus is closed, then handlers in flight finish first and nothing more is taken or accepted', async () => {
      await begin(lonely);
      const { handler, seen, arrived, answerAll } = gatedHandler();
      await bus.consume(work, handler, { concurrency: 1 });
      await publishAll(['a', 'b']);
      await arrived(1);
      let closed = false;
      const closing = bus.close().then(() => (closed = true));
      await new Promise(setImmediate);
      expect(closed).toBe(false);
      answerAll(ack);
      await closing;
      await bus.close();
      expect(seen.map(labelOf)).toEqual(['a']);
      await expect(bus.publish(aMessage('late'))).rejects.toThrow();
      await expect(bus.consume(work, handler, { concurrency: 1 })).rejects.toThrow();
      await expect(bus.subscribe([imageUploaded], () => {})).rejects.toThrow();
    });

    it('When the bus works, then it waits for nothing', async () => {
      await begin(lonely);
      expect(bus.waitingFor()).toEqual([]);
    });
  });
}
