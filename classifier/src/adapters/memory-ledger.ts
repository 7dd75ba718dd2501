import type { SpendLedger } from '../domain/spend-ledger.ts';

/** The ledger of one process. Only each account's latest period is kept. */
export function createMemoryLedger(): SpendLedger {
  const accounts = new Map<string, { period: string; amount: number }>();
  const spent = (account: string, period: string): number => {
    const entry = accounts.get(account);
    return entry?.period === period ? entry.amount : 0;
  };
  return {
    spent: async (account, period) => spent(account, period),
    async add(account, period, amount) {
      const total = spent(account, period) + amount;
      accounts.set(account, { period, amount: total });
      return total;
    },
  };
}
