import type { Filter } from 'mongodb';
import { reprocessed, type ReprocessCatalog, type ReprocessQuery } from '../reprocess.ts';
import { changeImage } from './change-image.ts';
import { imageChanges, imageFields, toImage, type ImageDocument } from './documents.ts';
import { inFolder } from './image-filter.ts';
import type { Store } from './store.ts';

/** Doing again what is done, and by what can be told that it should be. */
export const createReprocess = (store: Store): ReprocessCatalog => ({
  recordStamp: (stage, stamp) =>
    store.run(async ({ stamps }) => {
      await stamps.updateOne({ _id: stage }, { $set: stamp }, { upsert: true });
    }),
  stamps: () =>
    store.run(async ({ stamps }) =>
      Object.fromEntries((await stamps.find().toArray()).map(({ _id, ...stamp }) => [_id, stamp])),
    ),
  listReprocessable: ({ after, limit, ...query }) =>
    store.run(async ({ images }) => {
      const filter = { ...reprocessable(query), ...(after !== undefined && { _id: { $gt: after } }) };
      const page = images.find(filter, { sort: { _id: 1 }, limit, projection: imageFields });
      return (await page.toArray()).map(toImage);
    }),
  countReprocessable: (query) => store.run(({ images }) => images.countDocuments(reprocessable(query))),
  reprocessStage: (request) =>
    changeImage(store, request.imageId, (document) => {
      const image = document && reprocessed(toImage(document), request);
      if (!document || !image) return { outcome: false };
      return { outcome: true, set: imageChanges(document, image, request.now), event: request.event };
    }),
});

export function reprocessable({ ownerId, folder, batchId, staleBy }: ReprocessQuery): Filter<ImageDocument> {
  const stale: Filter<ImageDocument>[] = [
    ...(staleBy?.extract ? [{ readUnder: { $ne: staleBy.extract.text } }] : []),
    ...(staleBy?.classify ? [{ 'decision.stamp': { $ne: staleBy.classify.text } }] : []),
  ];
  const nothing = { _id: { $in: [] } };
  return {
    ...{ ownerId, status: 'organized', deletedAt: null },
    ...(batchId !== undefined && { batchId }),
    $and: [
      ...(folder === undefined ? [{}] : [inFolder(folder)]),
      ...(staleBy ? [stale.length > 0 ? { $or: stale } : nothing] : []),
    ],
  };
}
