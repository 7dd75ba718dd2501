import { randomBytes } from 'node:crypto';
import type { Collection, Filter, MatchKeysAndValues, PushOperator, UpdateFilter } from 'mongodb';
import type { OutboxEntry } from '../records.ts';
import type { Revised } from './documents.ts';
import type { LastWritten } from './last-written.ts';

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
 * @param decide what to do with the document, undefined where there is none; without effects, for it may be asked again
 * @param lastWritten spares the first read. It counts only if it is written to; the relay may have emptied its outbox since.
 */
export async function changeDocument<Document extends Revised, Outcome>(
  collection: Collection<Document>,
  id: string,
  tracker: WriteTracker<Outcome>,
  decide: (document: Document | undefined) => Change<Document, Outcome>,
  lastWritten?: LastWritten<Document>,
): Promise<Outcome> {
  async function write(document: Document, change: Change<Document, Outcome>): Promise<boolean> {
    const set = { ...change.set, ...revised(document, tracker.writeId) };
    const after = { ...document, ...set };
    tracker.sent = { outcome: change.outcome, before: document, after };
    const { matchedCount } = await collection.updateOne({ _id: id, rev: document.rev } as Filter<Document>, {
      $set: set as MatchKeysAndValues<Document>,
      ...(change.event ? { $push: { outbox: change.event } as unknown as PushOperator<Document> } : {}),
    });
    tracker.isDone = matchedCount === 1;
    if (tracker.isDone) lastWritten?.remember(id, after);
    return tracker.isDone;
  }

  const guess = lastWritten?.take(id);
  if (guess && !tracker.sent) {
    const change = decide(guess);
    if (change.set && (await write(guess, change))) return change.outcome;
  }
  for (;;) {
    const document = ((await collection.findOne({ _id: id } as Filter<Document>, withoutWords)) ??
      undefined) as Document | undefined;
    if (tracker.sent && document?.writes.includes(tracker.writeId)) {
      await confirm(collection, id, tracker.writeId);
      tracker.isDone = true;
      return tracker.sent.outcome;
    }
    const change = decide(document);
    if (!change.set || !document) return change.outcome;
    if (await write(document, change)) return change.outcome;
  }
}

export interface WriteTracker<Outcome> {
  writeId: string;
  /** What the last write that was sent would mean. */
  sent?: { outcome: Outcome; before: object; after: object };
  /** Whether that write was done. */
  isDone?: boolean;
}

export const trackWrite = <Outcome>(): WriteTracker<Outcome> => ({
  writeId: randomBytes(9).toString('base64url'),
});

/**
 * Resolves once a majority has the write that was read back, which alone says only that the primary has it: MongoDB
 * acknowledges a write that changes nothing when all before it is acknowledged.
 */
async function confirm<Document extends Revised>(
  collection: Collection<Document>,
  id: string,
  writeId: string,
): Promise<void> {
  const writes = { writes: writeId };
  await collection.updateOne(
    { _id: id, ...writes } as Filter<Document>,
    { $addToSet: writes } as unknown as UpdateFilter<Document>,
  );
}

const revised = ({ rev, writes }: Revised, writeId: string): Pick<Revised, 'rev' | 'writes'> => ({
  rev: rev + 1,
  writes: [...writes, writeId].slice(-rememberedWrites),
});
