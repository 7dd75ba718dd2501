import type { SpendCatalog } from '@image-organizer/adapters/catalog/catalog';
import type { Clock } from '@image-organizer/platform/clock';
import type { SpendLedger } from '../domain/spend-ledger.ts';

/** The ledger of all processes that have the catalogue in common. */
export const createCatalogLedger = ({
  catalog,
  clock,
}: {
  catalog: SpendCatalog;
  clock: Clock;
}): SpendLedger => ({
  spent: (account, period) => catalog.spentOf(account, period),
  add: (account, period, amount) => catalog.addSpending({ account, period, amount, now: clock.now() }),
});
