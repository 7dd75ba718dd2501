import { imageClassified } from '@image-organizer/contracts/events/image-classified';
import { imageExtracted } from '@image-organizer/contracts/events/image-extracted';
import { imageUploaded } from '@image-organizer/contracts/events/image-uploaded';
import { queues, type QueueDefinition } from '@image-organizer/contracts/topology';
import type { StageName } from '@image-organizer/contracts/vocabulary';
import type { ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import { outboxEntry } from './outbox-entry.ts';

type TriggerImage = Pick<ImageRecord, 'id' | 'ownerId' | 'lane' | 'requestId'> &
  Partial<Pick<ImageRecord, 'decision'>>;

/** Where the events that begin a stage wait. */
export const stageQueues: Record<StageName, QueueDefinition> = {
  extract: queues.ocrImageUploaded,
  classify: queues.classifierImageExtracted,
  organize: queues.organizerImageClassified,
};

/** The event that begins `stage` of `image`, made from the image alone: so a lost message can be made again. */
export function stageTrigger(image: TriggerImage, stage: StageName, now: Date): OutboxEntry {
  const context = { lane: image.lane, requestId: image.requestId, now };
  const ids = { imageId: image.id, ownerId: image.ownerId };
  switch (stage) {
    case 'extract':
      return outboxEntry(imageUploaded, ids, context);
    case 'classify':
      return outboxEntry(imageExtracted, ids, context);
    case 'organize':
      if (!image.decision) throw new Error(`image ${image.id} has no decision: it cannot be organised yet`);
      return outboxEntry(imageClassified, { ...ids, ...image.decision }, context);
  }
}
