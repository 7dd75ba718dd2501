import { createHash } from 'node:crypto';
import type { DeadLetter } from '@image-organizer/adapters/message-bus/message-bus';
import { envelopeSchema, type Envelope } from '@image-organizer/contracts/envelope';
import type { DeadLetterGroup } from '@image-organizer/contracts/http/dead-letter';

export type DeadLetterFacts = Pick<DeadLetter, 'message' | 'queue' | 'reason'>;

const mostSamples = 5;
const longestError = 300;

/** A reason without what differs between messages that failed alike: ids, numbers, quoted text. */
export const errorOf = (reason: string): string =>
  reason
    .slice(0, 4 * longestError)
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '…')
    .replaceAll(/"[^"]*"|'.'/g, '"…"')
    .replaceAll(/\b(?=[a-z]*\d)[0-9a-f]{12,}\b/gi, '…')
    .replaceAll(/\d+(?:[.,]\d+)*/g, '…')
    .slice(0, longestError);

const codeOf = (reason: string): string | null => /^([A-Z][A-Z0-9_]+): /.exec(reason)?.[1] ?? null;

/** Stable: the same failure has the same id in every replica, and tomorrow. */
export const groupIdOf = ({ queue, reason }: DeadLetterFacts): string =>
  createHash('sha256')
    .update(`${queue}\0${errorOf(reason)}`)
    .digest('hex')
    .slice(0, 16);

/** What its body says; undefined where nobody can read it. */
export function envelopeOf({ message }: DeadLetterFacts): Envelope | undefined {
  try {
    return envelopeSchema.safeParse(JSON.parse(message.body)).data;
  } catch {
    return undefined;
  }
}

/** Adds a letter to its group. Letters come oldest first. */
export function addToGroup(groups: Map<string, DeadLetterGroup>, letter: DeadLetterFacts): void {
  const id = groupIdOf(letter);
  const group: DeadLetterGroup = groups.get(id) ?? {
    id,
    queue: letter.queue,
    error: errorOf(letter.reason),
    code: codeOf(letter.reason),
    count: 0,
    oldestAt: null,
    newestAt: null,
    sampleIds: [],
  };
  groups.set(id, group);
  group.count += 1;
  if (group.sampleIds.length < mostSamples) group.sampleIds.push(letter.message.id);
  const at = envelopeOf(letter)?.occurredAt;
  if (at === undefined) return;
  if (group.oldestAt === null || at < group.oldestAt) group.oldestAt = at;
  if (group.newestAt === null || at > group.newestAt) group.newestAt = at;
}
