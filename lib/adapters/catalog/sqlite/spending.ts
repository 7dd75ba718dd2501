import { spendingKeptMs, type SpendCatalog } from '../catalog.ts';
import type { Database } from '../../sqlite/database.ts';

interface Row {
  amount: number;
}

/** What was spent of allowances. */
export const createSpending = (database: Database): SpendCatalog => ({
  async spentOf(account, period) {
    const row = database.get<Row>(
      'SELECT amount FROM spending WHERE account = :account AND period = :period',
      { account, period },
    );
    return row?.amount ?? 0;
  },
  async addSpending({ account, period, amount, now }) {
    const spent = database.get<Row>(
      `INSERT INTO spending VALUES (:account, :period, :amount, :expiresAt)
       ON CONFLICT (account, period) DO UPDATE SET amount = amount + excluded.amount RETURNING amount`,
      { account, period, amount, expiresAt: new Date(now.getTime() + spendingKeptMs).toISOString() },
    )!.amount;
    const isNewPeriod = spent === amount;
    if (isNewPeriod)
      database.run('DELETE FROM spending WHERE expires_at <= :now', { now: now.toISOString() });
    return spent;
  },
});
