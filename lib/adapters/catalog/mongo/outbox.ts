import type { Collection } from 'mongodb';
import type { OutboxCatalog } from '../catalog.ts';
import type { OutboxEntry } from '../records.ts';
import type { Store } from './store.ts';

type WithOutbox = Pick<Collection<{ outbox: OutboxEntry[] }>, 'find'>;

/** Entries live in the document whose change they tell of. With several relays one may be published twice. */
export function createOutbox(store: Store): OutboxCatalog {
  const due = (limit: number) =>
    store.run(async ({ images, batches, imports }) => {
      const entries = await Promise.all([
        oldestOf(images as unknown as WithOutbox, limit),
        oldestOf(batches as unknown as WithOutbox, limit),
        oldestOf(imports as unknown as WithOutbox, limit),
      ]);
      return entries
        .flat()
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
        .slice(0, limit);
    });
  return {
    dueOutbox: due,
    markPublished: ({ id }) =>
      store.run(async ({ images, batches, imports }) => {
        const entry = { $pull: { outbox: { id } } };
        const { matchedCount } = await images.updateOne({ 'outbox.id': id }, entry);
        if (matchedCount > 0) return;
        const ofBatch = await batches.updateOne({ 'outbox.id': id }, entry);
        if (ofBatch.matchedCount === 0) await imports.updateOne({ 'outbox.id': id }, entry);
      }),
    async oldestOutboxEntryAt() {
      const [oldest] = await due(1);
      return oldest?.createdAt ?? null;
    },
  };
}

async function oldestOf(collection: WithOutbox, limit: number): Promise<OutboxEntry[]> {
  const documents = await collection
    .find(
      { 'outbox.createdAt': { $gt: new Date(0) } },
      { sort: { 'outbox.createdAt': 1 }, limit, projection: { outbox: 1 } },
    )
    .toArray();
  return documents.flatMap(({ outbox }) => outbox);
}
