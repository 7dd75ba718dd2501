import { spendingKeptMs, type SpendCatalog } from '../catalog.ts';
import type { SpendingDocument } from './documents.ts';
import { isDuplicate, type Store } from './store.ts';

/** What was spent of allowances. A try after a lost connection adds once more: see SpendCatalog. */
export const createSpending = (store: Store): SpendCatalog => ({
  spentOf: (account, period) =>
    store.run(
      async ({ spending }) => (await spending.findOne({ _id: idOf({ account, period }) }))?.amount ?? 0,
    ),
  addSpending: ({ now, amount, ...allowance }) =>
    store.run(async ({ spending }) => {
      const add = (upsert: boolean) =>
        spending.findOneAndUpdate(
          { _id: idOf(allowance) },
          { $inc: { amount }, $setOnInsert: { expiresAt: new Date(now.getTime() + spendingKeptMs) } },
          { upsert, returnDocument: 'after' },
        );
      const { amount: spent } = (await addOrInsert(add))!;
      const isNewPeriod = spent === amount;
      if (isNewPeriod) await spending.deleteMany({ expiresAt: { $lte: now } });
      return spent;
    }),
});

const idOf = ({ account, period }: { account: string; period: string }): string => `${account}|${period}`;

/** Of those who insert at once all but one are refused: for them it is there now. */
async function addOrInsert(
  add: (upsert: boolean) => Promise<SpendingDocument | null>,
): Promise<SpendingDocument | null> {
  try {
    return await add(true);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return add(false);
  }
}
