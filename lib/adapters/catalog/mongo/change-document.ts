import { randomBytes } from 'node:crypto';
import type { Collection, Filter, MatchKeysAndValues, PushOperator, UpdateFilter } from 'mongodb';
import type { OutboxEntry } from '../records.ts';
import type { Revised } from './documents.ts';

/** So many later writes may pass before a lost answer is looked for. */
const rememberedWrites = 8;

/** An image's are long, and made anew where they change. */
const withoutWords = { projection: { words: 0 } };

export interface Change<Document, Outcome> {
  outcome: Outcome;
  /** Missing: nothing is written. */
  set?: Partial<Document>;
  event?: OutboxEntry | null;
}

/**
 * Reads a document, decides, and writes if it is still as it was read: compare-and-set on `rev`, which says more than
 * status and epoch do. The change and its event are one write. Another try decides anew, so that who came first is
 * seen. Every write leaves an id of its own in the document (`writes`): a try after a lost connection that finds its
 * id there knows that the write was done, and tells its outcome. Call it in `Store.run` with one `tracker` for all tries.
 * @param decide what to do with the document, undefined where there is none
 */
export async function changeDocument<Document extends Revised, Outcome>(
  collection: Collection<Document>,
  id: string,
  tracker: WriteTracker<Outcome>,
  decide: (document: Document | undefined) => Change<Document, Outcome>,
): Promise<Outcome> {
  for (;;) {
    const document = ((await collection.findOne({ _id: id } as Filter<Document>, withoutWords)) ??
      undefined) as Document | undefined;
    if (tracker.sent && document?.writes.includes(tracker.writeId)) return tracker.sent.outcome;
    const change = decide(document);
    if (!change.set || !document) return change.outcome;
    tracker.sent = { outcome: change.outcome };
    const { matchedCount } = await collection.updateOne(
      { _id: id, rev: document.rev } as Filter<Document>,
      updateOf(document, change, tracker.writeId),
    );
    if (matchedCount === 1) return change.outcome;
  }
}

export interface WriteTracker<Outcome> {
  writeId: string;
  /** What the last write that was sent would mean. */
  sent?: { outcome: Outcome };
}

export const trackWrite = <Outcome>(): WriteTracker<Outcome> => ({
  writeId: randomBytes(9).toString('base64url'),
});

function updateOf<Document extends Revised>(
  { rev, writes }: Document,
  { set, event }: Change<Document, unknown>,
  writeId: string,
): UpdateFilter<Document> {
  const remembered = [...writes, writeId].slice(-rememberedWrites);
  return {
    $set: { ...set, rev: rev + 1, writes: remembered } as MatchKeysAndValues<Document>,
    ...(event ? { $push: { outbox: event } as unknown as PushOperator<Document> } : {}),
  };
}
