import type { Channel, GetMessage } from 'amqplib';
import type { DeadLetter, LetterFate } from './message-bus.ts';
import type { Link } from './rabbitmq-link.ts';
import { deathOf, eventOf, idOf, replayOf, traceOf } from './rabbitmq-message.ts';
import type { Publication } from './rabbitmq-publisher.ts';
import type { RabbitMqTopology } from './rabbitmq-topology.ts';

interface DeadLettersOptions {
  topology: RabbitMqTopology;
  /** The connection to look on. */
  link: () => Promise<Link>;
  publish: (publication: Publication) => Promise<void>;
  /** For one look, however many letters there are. */
  timeoutMs: number;
}

/**
 * Looks at dead letters by taking them on a channel of its own and giving them back. For that moment nobody else sees
 * them, so looks of one process wait for each other; another process may see fewer.
 */
export function createRabbitMqDeadLetters({ topology, link, publish, timeoutMs }: DeadLettersOptions) {
  const { deadLetterQueue, lanes } = topology;
  let last: Promise<unknown> = Promise.resolve();

  function look(visit: Visit): Promise<void> {
    const work = (channel: Channel) => visitLetters(channel, deadLetterQueue.name, visit);
    const result = last.then(async () => (await link()).withChannel(work, timeoutMs));
    last = result.catch(() => {});
    return result;
  }

  /** Finds one letter again and does `end` with it. Of several copies of one message in one queue any will do. */
  const take = (wanted: GetMessage, end: (letter: GetMessage) => Promise<void>) =>
    look(async (letter, channel) => {
      if (!isSame(letter, wanted)) return 'go on';
      await end(letter);
      channel.ack(letter);
      return 'taken';
    });

  function factsOf(letter: GetMessage): Pick<DeadLetter, 'message' | 'queue' | 'reason'> {
    const { routingKey } = letter.fields;
    const from = lanes.find(({ work }) => work.name === routingKey);
    return {
      message: {
        id: idOf(letter),
        event: eventOf(letter) ?? from?.definition.event.name ?? 'unknown',
        lane: from?.lane ?? 'interactive',
        body: letter.content.toString(),
        traceparent: traceOf(letter),
      },
      queue: from?.definition.name ?? routingKey,
      reason: deathOf(letter),
    };
  }

  function describe(letter: GetMessage): DeadLetter {
    let ended = false;
    const once = async (end: (letter: GetMessage) => Promise<void>) => {
      if (ended) return; // asked twice, it is replayed once
      ended = true;
      await take(letter, end).catch((error: unknown) => {
        ended = false;
        throw error;
      });
    };
    return {
      ...factsOf(letter),
      replay: () => once((found) => publish(replayOf(found))),
      discard: () => once(async () => {}),
    };
  }

  return {
    async oldest(limit: number): Promise<DeadLetter[]> {
      const letters: GetMessage[] = [];
      if (limit > 0) await look(async (letter) => (letters.push(letter) < limit ? 'go on' : 'enough'));
      return letters.map(describe);
    },
    async end(decide: (letter: ReturnType<typeof factsOf>) => Promise<LetterFate>, limit: number) {
      let ended = 0;
      let unseen: number | undefined; // those that were there at the beginning: what dies meanwhile is not looked at
      await look(async (letter, channel) => {
        unseen ??= letter.fields.messageCount + 1;
        if (unseen === 0) return 'enough';
        unseen -= 1;
        const fate = await decide(factsOf(letter));
        if (fate === 'keep') return 'go on';
        if (fate === 'replay') await publish(replayOf(letter));
        channel.ack(letter);
        ended += 1;
        return ended === limit ? 'taken' : 'ended';
      });
      return ended;
    },
  };
}

/** `ended`: acknowledged; `taken`: so, and no other letter is wanted. `enough`: nor is this one. */
type Visit = (letter: GetMessage, channel: Channel) => Promise<'go on' | 'ended' | 'enough' | 'taken'>;

/**
 * Shows letters, oldest first, for as long as `visit` wants them, and gives back what it has not taken. A quorum queue
 * puts what comes back behind what came back earlier: its order stays when all of it, or nothing, goes back.
 */
async function visitLetters(channel: Channel, queue: string, visit: Visit): Promise<void> {
  let wish: Awaited<ReturnType<Visit>> = 'go on';
  let held = 0;
  try {
    while (isWanting(wish) || held > 0) {
      const letter = await channel.get(queue);
      if (!letter) return;
      const isNew = isWanting(wish);
      if (isNew) wish = await visit(letter, channel);
      if (!isNew || wish === 'go on' || wish === 'enough') held += 1;
    }
  } finally {
    if (held > 0) channel.nackAll(true);
  }
}

const isWanting = (wish: Awaited<ReturnType<Visit>>) => wish === 'go on' || wish === 'ended';

const isSame = (a: GetMessage, b: GetMessage) =>
  idOf(a) === idOf(b) && a.fields.routingKey === b.fields.routingKey && a.content.equals(b.content);
