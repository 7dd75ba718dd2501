import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { batchCompletedEntry } from '@image-organizer/pipeline/outbox-entry';
import type { Clock } from '@image-organizer/platform/clock';

/** Completes the batch, and says so, if none of its images is on its way any more. Idempotent. */
export async function settleBatch(
  event: { batchId: string; ownerId: string; requestId: string | null },
  { catalog, clock, relayHint }: { catalog: Catalog; clock: Clock; relayHint: () => void },
): Promise<void> {
  const now = clock.now();
  if (await catalog.settleBatch(event.batchId, now, batchCompletedEntry(event, now))) relayHint();
}
