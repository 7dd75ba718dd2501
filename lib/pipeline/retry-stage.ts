import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { StageName } from '@image-organizer/contracts/vocabulary';
import { stageTrigger } from './stage-trigger.ts';

/** Begins a failed stage again. @returns false, having changed nothing, when it has not failed */
export async function retryStage(
  { catalog, relayHint }: { catalog: Catalog; relayHint: (entry: OutboxEntry) => void },
  image: ImageRecord,
  stage: StageName,
  now: Date,
): Promise<boolean> {
  if (image.stages[stage].status !== 'failed') return false;
  const event = stageTrigger(image, stage, now);
  const retried = await catalog.retryStage({ ownerId: image.ownerId, imageId: image.id, stage, now, event });
  if (retried) relayHint(event);
  return retried;
}
