import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { insertIfNew, type Store } from './store.ts';
import { countAll, countsChanged, type TallyDocument } from './tally-counts.ts';

/** Changes are added together for so long: two writes a second for an owner at most, however many images change. */
const flushMs = 500;
/** By then every process has added what it had when a count began. */
const settleMs = 2_000;
/** An image that a process changed when it was killed may be counted wrongly for so long; where nothing changed, a day. */
const recountChangedMs = 6 * 3_600_000;
const recountMs = 24 * 3_600_000;
/** Where something changed during the count, it begins anew after so long. */
const recountAgainMs = 15 * 60_000;

/** An estimate may be so old. */
const recentMs = 60_000;

const rememberedWrites = 50;
const knownOwners = 1_000;
const recentOwners = 100;

type Counted = Parameters<typeof countsChanged>[0];

/**
 * How many images there are of each kind, kept in one document per owner, so that nobody counts them to answer. An image
 * and the tally of it are two writes: this process's calls see its own changes at once, those of other processes up to a
 * second later; what a process that is killed had not added yet is found by the recount.
 */
export interface Tallies {
  /** Before the owner's image is inserted: the document has to be there for its changes to be counted. */
  begin(ownerId: string): Promise<void>;
  /** An image was written. @param before undefined: it is new @param after undefined: it is gone */
  changed(ownerId: string, before: Counted, after: Counted): void;
  of(ownerId: string): Promise<TallyDocument>;
  /** As it was up to a minute ago: for estimates. */
  recent(ownerId: string): Promise<TallyDocument>;
  /** Resolves when all changes until now are added, or were given up as the server was away. */
  flushed(): Promise<void>;
  /** @see LibraryCatalog.recountTallies */
  recount(now: Date, limit: number): Promise<number>;
}

export function createTallies(run: Store['run']): Tallies {
  const known = new Map<string, Promise<void>>();
  const seen = new Map<string, { at: number; document: TallyDocument }>();
  let waiting = new Map<string, Map<string, number>>();
  /** Owners whose changes could not be added. */
  const doubtful = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let flushing = Promise.resolve();

  /** One count of an owner at a time. */
  async function begin(ownerId: string): Promise<void> {
    const begun = known.get(ownerId) ?? makeDocument(ownerId);
    if (known.size > knownOwners) known.clear();
    known.set(ownerId, begun);
    await begun.catch((error: unknown) => {
      known.delete(ownerId);
      throw error;
    });
  }

  const makeDocument = (ownerId: string): Promise<void> =>
    run(async (collections) => {
      const { tallies } = collections;
      if (await tallies.findOne({ _id: ownerId }, { projection: { _id: 1 } })) return;
      const counts = await countAll(collections, ownerId);
      const recountAt = new Date(Date.now() + recountMs);
      await insertIfNew(() => tallies.insertOne({ _id: ownerId, rev: 0, writes: [], ...counts, recountAt }));
    });

  async function flushWaiting(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const changes = waiting;
    waiting = new Map();
    for (const ownerId of new Set([...doubtful, ...changes.keys()])) {
      const counts = [...(changes.get(ownerId) ?? [])].filter(([, value]) => value !== 0);
      if (counts.length === 0 && !doubtful.has(ownerId)) continue;
      try {
        await add(ownerId, counts, doubtful.has(ownerId) ? new Date(0) : undefined);
        doubtful.delete(ownerId);
      } catch {
        doubtful.add(ownerId); // the server was away for long: the next sweep counts anew
        flushSoon();
      }
    }
  }

  /** Once: another try finds its id, or inserts nothing where the document is missing, which counts all when it is made. */
  const add = (ownerId: string, counts: [string, number][], recountAt?: Date) => {
    const writeId = randomBytes(9).toString('base64url');
    return run(({ tallies }) =>
      tallies.updateOne(
        { _id: ownerId, writes: { $ne: writeId } },
        {
          $inc: { rev: 1, ...Object.fromEntries(counts) },
          $min: { recountAt: recountAt ?? new Date(Date.now() + recountChangedMs) },
          $push: { writes: { $each: [writeId], $slice: -rememberedWrites } },
        },
      ),
    );
  };

  function flushSoon(): void {
    timer ??= setTimeout(() => void flushed(), flushMs).unref();
  }

  function flushed(): Promise<void> {
    flushing = flushing.then(flushWaiting);
    return flushing;
  }

  async function of(ownerId: string): Promise<TallyDocument> {
    await flushed();
    const find = () => run(({ tallies }) => tallies.findOne({ _id: ownerId }));
    const document = await find();
    if (document) return document;
    known.delete(ownerId);
    await begin(ownerId);
    return (await find())!;
  }

  return {
    begin,
    changed(ownerId, before, after) {
      const counts = waiting.get(ownerId) ?? new Map<string, number>();
      for (const [path, value] of countsChanged(before, after))
        counts.set(path, (counts.get(path) ?? 0) + value);
      if (counts.size === 0) return;
      waiting.set(ownerId, counts);
      flushSoon();
    },
    of,
    async recent(ownerId) {
      const last = seen.get(ownerId);
      if (last && performance.now() < last.at + recentMs) return last.document;
      const document = await of(ownerId);
      if (seen.size === recentOwners) seen.clear();
      seen.set(ownerId, { at: performance.now(), document });
      return document;
    },
    flushed,
    async recount(now, limit) {
      const due = await run(({ tallies }) =>
        tallies.find({ recountAt: { $lte: now } }, { sort: { recountAt: 1 }, limit }).toArray(),
      );
      if (due.length === 0) return 0;
      await flushed();
      const counted = [];
      for (const { _id } of due)
        counted.push(
          await run(async (collections) => {
            const rev = (await collections.tallies.findOne({ _id }, { projection: { rev: 1 } }))?.rev;
            return { _id, rev: rev ?? 0, ...(await countAll(collections, _id)) };
          }),
        );
      await sleep(settleMs);
      await flushed();
      const later = (ms: number) => new Date(now.getTime() + ms);
      const settled = counted.map(({ _id, rev, ...counts }) =>
        run(async ({ tallies }) => {
          const set = { ...counts, rev: rev + 1, recountAt: later(recountMs) };
          const { matchedCount } = await tallies.updateOne({ _id, rev }, { $set: set });
          if (matchedCount === 0)
            await tallies.updateOne({ _id }, { $set: { recountAt: later(recountAgainMs) } });
          return matchedCount;
        }),
      );
      return (await Promise.all(settled)).reduce((sum, one) => sum + one, 0);
    },
  };
}
