/** Delays of the bus's retry tiers, milliseconds: 5 s, 1 min, 10 min. */
export const retryDelaysMs = [5_000, 60_000, 600_000] as const;

export interface RetryPolicy {
  /** Attempts that a piece of work gets, counted when each starts. */
  maxAttempts: number;
  /**
   * Attempts that may be lost with their process, besides: a process that is killed is mostly not its image's fault, an
   * image that ends every process is. Below the broker's own limit of 20.
   */
  maxLosses: number;
  /** How often a message may come for something that is not there (yet). */
  maxMissing: number;
  delaysMs: readonly number[];
}

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 5,
  maxLosses: 10,
  maxMissing: 3,
  delaysMs: retryDelaysMs,
};

/** Which tier a failed attempt waits in: the first failure in the shortest, each next one longer. */
export const tierAfterAttempt = (attempt: number) => Math.max(0, attempt - 1);

/** The shortest tier that waits at least `delayMs`; the last where none does. */
export function tierOfDelay(delayMs: number, { delaysMs }: RetryPolicy): number {
  const tier = delaysMs.findIndex((delay) => delay >= delayMs);
  return tier === -1 ? delaysMs.length - 1 : tier;
}
