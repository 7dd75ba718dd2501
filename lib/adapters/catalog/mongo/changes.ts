import type { Change, ChangeCatalog } from '../changes.ts';
import type { Store } from './store.ts';

/** Every write that people see dates itself (`changedAt`): see `imageChanges`. */
export const createChanges = (store: Store): ChangeCatalog => ({
  listChanges: ({ ownerId, since, limit }) =>
    store.run(async ({ images, batches }) => {
      const filter = { ownerId, changedAt: { $gte: since } };
      const options = { sort: { changedAt: 1 }, limit, projection: { changedAt: 1 } } as const;
      const found = await Promise.all([
        images.find(filter, options).toArray(),
        batches.find(filter, options).toArray(),
      ]);
      const kinds: Change['kind'][] = ['image', 'batch'];
      return found
        .flatMap((documents, index) =>
          documents.map(({ _id: id, changedAt }) => ({ kind: kinds[index]!, id, changedAt: changedAt! })),
        )
        .sort((a, b) => a.changedAt.getTime() - b.changedAt.getTime())
        .slice(0, limit);
    }),
});
