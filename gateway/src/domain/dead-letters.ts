import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { LetterFate, MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import type {
  DeadLetterGroup,
  DeadLetterGroups,
  DeadLetterList,
  DeadLetterSelection,
  DeadLetterView,
} from '@image-organizer/contracts/http/dead-letter';
import { retryDeadLetter } from '@image-organizer/pipeline/retry-dead-letter';
import type { Clock } from '@image-organizer/platform/clock';
import { AppError } from '@image-organizer/platform/errors';
import { addToGroup, envelopeOf, groupIdOf, type DeadLetterFacts } from './dead-letter-groups.ts';

/** Of how many letters the groups are made; what is beyond is only counted. */
const mostLooked = 1_000;
/** In one call, which a client waits for. */
const mostEnded = 1_000;

export interface DeadLetterDependencies {
  bus: MessageBus;
  catalog: Catalog;
  clock: Clock;
  relayHint: (entry: OutboxEntry) => void;
}

export class DeadLettersNotFoundError extends AppError {
  readonly code = 'DEAD_LETTERS_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There are no dead letters of this group (any more).');
  }
}

export class BusUnavailableError extends AppError {
  readonly code = 'BUS_UNAVAILABLE';
  readonly kind = 'unavailable';
  override readonly retryAfterSeconds = 5;
  constructor(cause: unknown) {
    super('The message bus, or the catalogue, does not answer right now: try again.', { cause });
  }
}

/** What failed, by queue and error. @throws BusUnavailableError */
export async function groupDeadLetters(bus: MessageBus): Promise<DeadLetterGroups> {
  const groups = new Map<string, DeadLetterGroup>();
  let total = 0;
  await look(bus, (letter) => {
    total += 1;
    if (total <= mostLooked) addToGroup(groups, letter);
  });
  const items = [...groups.values()].sort((a, b) => b.count - a.count);
  return { items, nextCursor: null, looked: Math.min(total, mostLooked), total };
}

/** One page of a group. @throws DeadLettersNotFoundError, BusUnavailableError */
export async function listDeadLetters(
  bus: MessageBus,
  group: string,
  { limit, passOver }: { limit: number; passOver: number },
): Promise<DeadLetterList> {
  const items: DeadLetterView[] = [];
  let count = 0;
  await look(bus, (letter) => {
    if (groupIdOf(letter) !== group) return;
    count += 1;
    if (count > passOver && items.length < limit) items.push(viewOf(letter));
  });
  if (count === 0) throw new DeadLettersNotFoundError();
  const next = passOver + items.length;
  return { items, nextCursor: next < count ? String(next) : null };
}

/** @returns how many, and whether there may be more of them. @throws BusUnavailableError */
export const retryDeadLetters = (dependencies: DeadLetterDependencies, selection: DeadLetterSelection) =>
  endSelected(dependencies.bus, selection, (letter) => retryDeadLetter(dependencies, letter));

/** An image that failed with one of them stays failed, and can still be retried. As retryDeadLetters. */
export const discardDeadLetters = (bus: MessageBus, selection: DeadLetterSelection) =>
  endSelected(bus, selection, async () => 'discard');

async function endSelected(
  bus: MessageBus,
  { group, ids, all }: DeadLetterSelection,
  end: (letter: DeadLetterFacts) => Promise<LetterFate>,
): Promise<{ count: number; more: boolean }> {
  const wanted = new Set(ids);
  const isMeant = (letter: DeadLetterFacts) =>
    all ?? (wanted.has(letter.message.id) || (group !== undefined && groupIdOf(letter) === group));
  const decide = async (letter: DeadLetterFacts) => (isMeant(letter) ? end(letter) : 'keep');
  const count = await orUnavailable(bus.endDeadLetters(decide, mostEnded));
  return { count, more: count === mostEnded };
}

const look = (bus: MessageBus, see: (letter: DeadLetterFacts) => void) =>
  orUnavailable(bus.endDeadLetters(async (letter) => (see(letter), 'keep'), 1));

const orUnavailable = <Result>(step: Promise<Result>): Promise<Result> =>
  step.catch((error: unknown) => {
    throw error instanceof AppError ? error : new BusUnavailableError(error);
  });

function viewOf(letter: DeadLetterFacts): DeadLetterView {
  const { message, queue, reason } = letter;
  const { occurredAt = null, requestId = null, data } = envelopeOf(letter) ?? {};
  const named = (data ?? {}) as Record<string, unknown>;
  const idOf = (name: string) => (typeof named[name] === 'string' ? named[name] : null);
  return {
    ...{ id: message.id, queue, event: message.event, reason, occurredAt, requestId },
    ...{ imageId: idOf('imageId'), batchId: idOf('batchId') },
  };
}
