import type { Clock } from '@image-organizer/platform/clock';
import type { Catalog } from '../catalog.ts';
import { releaseRunningDeliveries } from './deliveries.ts';
import { releaseRunningImportRows } from './import-rows.ts';
import { isDuplicate, type Store } from './store.ts';
import { releaseRunningStages } from './stuck-stages.ts';
import { releaseWebhookDeliveries } from './webhook-deliveries.ts';

/** Named leases, and the end of all leases. */
export const createLeases = (
  store: Store,
  clock: Clock,
): Pick<Catalog, 'holdLease' | 'releaseAllLeases'> => ({
  holdLease: ({ name, holder, now, ttlMs }) =>
    store.run(async ({ leases }) => {
      const take = (upsert: boolean) =>
        leases.updateOne(
          { _id: name, $or: [{ holder }, { until: { $lte: now } }] },
          { $set: { holder, until: new Date(now.getTime() + ttlMs) } },
          { upsert },
        );
      try {
        await take(true);
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        return (await take(false)).matchedCount === 1; // somebody has it; it may be this holder, asking twice at once
      }
    }),
  async releaseAllLeases() {
    await store.run(({ leases }) => leases.deleteMany({})); // whoever held one is gone too
    const now = clock.now();
    return (
      (await releaseRunningStages(store, now)) +
      (await releaseRunningDeliveries(store)) +
      (await releaseWebhookDeliveries(store, now)) +
      (await releaseRunningImportRows(store, now))
    );
  },
});
