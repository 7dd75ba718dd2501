import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Change } from '@image-organizer/adapters/catalog/changes';
import type { BatchRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { LiveEvent } from '@image-organizer/contracts/http/live-event';
import type { Clock } from '@image-organizer/platform/clock';

export interface LiveChanges {
  /** States of what changed since the last call, those that changed first first; `until`: all before then is told. */
  read(): AsyncGenerator<{ events: LiveEvent[]; until: Date }>;
  /** What changed until now need not be told. */
  skip(): Promise<void>;
  /** All before is told. */
  until(): Date;
}

export interface ChangeSource {
  catalog: Pick<Catalog, 'listChanges' | 'findImages' | 'getBatch'>;
  clock: Clock;
}

/**
 * Clocks of processes differ, and a write may arrive later than it is dated: what changed within this time is asked for
 * again and again, and told where it is not known yet. Longer than a write may hang before its driver gives it up (20 s).
 */
const overlapMs = 30_000;
const pageSize = 100;

/** Follows an owner's changes from a point on: nothing is left out, and nothing told twice in the same version. */
export function followChanges({ catalog, clock }: ChangeSource, ownerId: string, from: Date): LiveChanges {
  let toldUntil = from.getTime();
  const told = new Map<string, number>();

  /** A page counts as told when the next one is asked for. */
  async function* newChanges(): AsyncGenerator<{ changes: Change[]; until: Date }> {
    const began = clock.now().getTime();
    let since = toldUntil - overlapMs;
    for (let isLast = false; !isLast;) {
      const page = await catalog.listChanges({ ownerId, since: new Date(since), limit: pageSize });
      isLast = page.length < pageSize;
      const newest = page.at(-1)?.changedAt.getTime() ?? since;
      const changes = page.filter(({ id, changedAt }) => told.get(id) !== changedAt.getTime());
      yield { changes, until: new Date(Math.max(toldUntil, newest)) };
      for (const { id, changedAt } of changes) told.set(id, changedAt.getTime());
      since = Math.max(newest, since + 1);
      forget(Math.min(since, began - overlapMs));
    }
    toldUntil = Math.max(toldUntil, began);
  }
  function forget(before: number) {
    for (const [id, changedAt] of told) if (changedAt < before) told.delete(id);
  }

  return {
    async *read() {
      for await (const { changes, until } of newChanges()) {
        const events = await statesOf(catalog, ownerId, changes);
        if (events.length > 0) yield { events, until };
      }
    },
    async skip() {
      for await (const _ of newChanges());
    },
    until: () => new Date(toldUntil),
  };
}

/** What is gone is left out. A batch changes with its images: they are what it counts. */
async function statesOf(
  catalog: ChangeSource['catalog'],
  ownerId: string,
  changes: Change[],
): Promise<LiveEvent[]> {
  const idsOf = (wanted: Change['kind']) => changes.filter(({ kind }) => kind === wanted).map(({ id }) => id);
  const imageIds = idsOf('image');
  const found = imageIds.length > 0 ? await catalog.findImages(imageIds) : [];
  const byId = new Map(found.filter((image) => image.ownerId === ownerId).map((image) => [image.id, image]));
  const images = imageIds.flatMap((id) => byId.get(id) ?? []);
  const batchIds = new Set([...images.map(({ batchId }) => batchId), ...idsOf('batch')]);
  const batches = await Promise.all([...batchIds].map((id) => catalog.getBatch(ownerId, id)));
  return [...images.map(imageEvent), ...batches.filter((batch) => batch !== undefined).map(batchEvent)];
}

const imageEvent = (image: ImageRecord): LiveEvent => ({
  event: 'image',
  data: {
    id: image.id,
    batchId: image.batchId,
    filename: image.filename,
    status: image.status,
    folder: image.placement?.folder ?? null,
    caption: image.caption,
    tags: image.tags,
    needsReview: image.placement?.needsReview ?? false,
    deletedAt: image.deletedAt?.toISOString() ?? null,
  },
});

const batchEvent = ({ id, status, total, organized, failed }: BatchRecord): LiveEvent => ({
  event: 'batch',
  data: { id, status: status === 'receiving' ? 'open' : status, total, organized, failed },
});
