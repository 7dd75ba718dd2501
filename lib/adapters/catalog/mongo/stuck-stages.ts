import type { StageCatalog } from '../catalog.ts';
import { lost } from '../stage-changes.ts';
import { imageChanges, imageFields, toImage } from './documents.ts';
import { changeImage } from './change-image.ts';
import type { Store } from './store.ts';

const hasNoEvent = { outbox: { $size: 0 } };

/** Stages that nobody works on though somebody should. */
export const createStuckStages = (store: Store): Pick<StageCatalog, 'stuckStages' | 'requeueStage'> => ({
  stuckStages: ({ now, idleSince, queued, queuedSince, limit }) =>
    store.run(async ({ images }) => {
      const pageOf = (filter: object) =>
        images
          .find(
            { ...filter, ...hasNoEvent, deletedAt: null },
            { sort: { stageSince: 1 }, limit, projection: imageFields },
          )
          .toArray();
      const [atWork, waiting] = await Promise.all([
        // Due at once when the lease has expired, and again only when it has been idle since it was last queued.
        pageOf({
          stageStatus: 'running',
          stageSince: { $lte: now },
          $or: [{ $expr: { $lte: ['$touchedAt', '$stageSince'] } }, { touchedAt: { $lte: idleSince } }],
        }),
        pageOf({
          stageStatus: 'pending',
          stageSince: { $lte: idleSince },
          ...(queued.length > 0 && { $or: [{ stageSince: { $lte: queuedSince } }, { $nor: queued }] }),
        }),
      ]);
      return [...atWork, ...waiting]
        .sort((a, b) => a.stageSince.getTime() - b.stageSince.getTime())
        .slice(0, limit)
        .map((document) => ({ stage: document.stage!, image: toImage(document) }));
    }),
  requeueStage: ({ imageId, stage, now, event }) =>
    changeImage(store, imageId, (document) => {
      if (!document || document.deletedAt || document.stage !== stage || document.outbox.length > 0)
        return { outcome: false };
      const { stageStatus, stageSince } = document;
      const isFree = stageStatus === 'pending' || (stageStatus === 'running' && stageSince <= now);
      if (!isFree) return { outcome: false };
      return { outcome: true, set: imageChanges(document, toImage(document), now), event };
    }),
});

/** Every running stage becomes pending. @returns how many */
export async function releaseRunningStages(store: Store, now: Date): Promise<number> {
  const ids = await store.run(async ({ images }) =>
    (
      await images.find({ stageStatus: 'running', deletedAt: null }, { projection: { _id: 1 } }).toArray()
    ).map(({ _id }) => _id),
  );
  const released = [];
  for (const id of ids) {
    released.push(
      await changeImage(store, id, (document) =>
        document?.stage && document.stageStatus === 'running' && !document.deletedAt
          ? { outcome: true, set: imageChanges(document, lost(toImage(document), document.stage, now)) }
          : { outcome: false },
      ),
    );
  }
  return released.filter(Boolean).length;
}
