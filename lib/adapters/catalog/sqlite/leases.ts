import type { Clock } from '@image-organizer/platform/clock';
import type { Catalog } from '../catalog.ts';
import type { Database } from '../../sqlite/database.ts';
import { releaseRunningDeliveries } from './deliveries.ts';
import { releaseRunningImportRows } from './import-rows.ts';
import { releaseRunningStages } from './stuck-stages.ts';
import { releaseWebhookDeliveries } from './webhook-deliveries.ts';

/** Named leases, and the end of all leases. */
export const createLeases = (
  database: Database,
  clock: Clock,
): Pick<Catalog, 'holdLease' | 'releaseAllLeases'> => ({
  async holdLease({ name, holder, now, ttlMs }) {
    const until = new Date(now.getTime() + ttlMs).toISOString();
    const changed = database.run(
      `INSERT INTO leases VALUES (:name, :holder, :until)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
       WHERE holder = excluded.holder OR until <= :now`,
      { name, holder, until, now: now.toISOString() },
    );
    return changed === 1;
  },
  releaseAllLeases: async () =>
    database.transaction(() => {
      database.run('DELETE FROM leases'); // whoever held one is gone too
      const now = clock.now();
      return (
        releaseRunningStages(database, now) +
        releaseRunningDeliveries(database) +
        releaseWebhookDeliveries(database, now) +
        releaseRunningImportRows(database, now)
      );
    }),
});
