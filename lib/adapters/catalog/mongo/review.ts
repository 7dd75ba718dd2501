import type { Filter } from 'mongodb';
import { cursorAfter, positionOf } from '../cursor.ts';
import { reviewSort, type ReviewCatalog } from '../review.ts';
import { imageFields, toImage, type ImageDocument } from './documents.ts';
import type { Store } from './store.ts';

type Condition = Filter<ImageDocument>;

/** Two kinds, each read by an index of its own; no image is of both. */
export const waiting = (ownerId: string): Condition[] => [
  { ownerId, 'placement.needsReview': true, status: { $ne: 'failed' }, deletedAt: null },
  { ownerId, status: 'failed', 'placement.by': { $ne: 'user' }, deletedAt: null },
];

/** Images that wait for a person. */
export const createReview = (store: Store): ReviewCatalog => ({
  async listReview({ ownerId, limit, cursor }) {
    const after = cursor === undefined ? {} : afterPosition(cursor);
    const pages = await store.run(({ images }) =>
      Promise.all(
        waiting(ownerId).map((condition) =>
          images
            .find(
              { $and: [condition, after] },
              { sort: { uploadedAt: 1, _id: 1 }, limit: limit + 1, projection: imageFields }, // one too many: a next page
            )
            .toArray(),
        ),
      ),
    );
    const all = pages.flat().map(toImage).sort(byUpload);
    const items = all.slice(0, limit);
    return { items, nextCursor: all.length > limit ? cursorAfter(items.at(-1)!, reviewSort) : null };
  },
  countReview: (ownerId, atMost) =>
    store.run(async ({ images }) => {
      const counts = waiting(ownerId).map((condition) => images.countDocuments(condition, { limit: atMost }));
      return Math.min(
        atMost,
        (await Promise.all(counts)).reduce((sum, count) => sum + count, 0),
      );
    }),
});

function afterPosition(cursor: string): Condition {
  const { key, id } = positionOf(cursor, reviewSort);
  const last = new Date(key);
  return {
    uploadedAt: { $gte: last },
    $or: [{ uploadedAt: { $gt: last } }, { uploadedAt: last, _id: { $gt: id } }],
  };
}

type Uploaded = { id: string; uploadedAt: Date };
const byUpload = (a: Uploaded, b: Uploaded): number =>
  a.uploadedAt.getTime() - b.uploadedAt.getTime() || (a.id < b.id ? -1 : 1);
