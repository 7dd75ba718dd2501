import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import { batchCompletedEntry } from '@image-organizer/pipeline/outbox-entry';
import type { Clock } from '@image-organizer/platform/clock';

/** Completes the batch, and says so, if none of its images is on its way any more. Idempotent. */
export async function settleBatch(
  event: { batchId: string; ownerId: string; requestId: string | null },
  { catalog, clock, relayHint }: { catalog: Catalog; clock: Clock; relayHint: (entry: OutboxEntry) => void },
): Promise<void> {
  const now = clock.now();
  const completed = batchCompletedEntry(event, now);
  if (await catalog.settleBatch(event.batchId, now, completed)) relayHint(completed);
}
