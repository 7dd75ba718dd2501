import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@image-organizer/platform/clock';

/** Renews a lease three times in its length, until the work has `ended` or the lease is `lost` to somebody else. */
export async function keepLease({
  renew,
  leaseMs,
  clock,
  ended,
  lost,
}: {
  /** @returns false when fenced */
  renew: (until: Date) => Promise<boolean>;
  leaseMs: number;
  clock: Clock;
  ended: AbortSignal;
  lost: () => void;
}): Promise<void> {
  while (!ended.aborted) {
    await delay(leaseMs / 3, undefined, { signal: ended, ref: false }).catch(() => undefined);
    if (ended.aborted) return;
    // A catalogue that does not answer may yet do so before the lease runs out: the commit's fence decides.
    const kept = await renew(new Date(clock.now().getTime() + leaseMs)).catch(() => true);
    if (!kept) return lost();
  }
}
