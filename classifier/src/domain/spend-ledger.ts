/**
 * What was spent of a shared allowance, per account and period: an owner's tokens of a day, everybody's requests of a
 * minute. One ledger for all replicas, so that their number changes no limit: `catalog-ledger.ts`.
 */
export interface SpendLedger {
  /** @param period as it is written in the ledger: `2026-11-21`, `2026-11-21T10:24` */
  spent(account: string, period: string): Promise<number>;
  /** @returns what is spent now, this included */
  add(account: string, period: string, amount: number): Promise<number>;
}
