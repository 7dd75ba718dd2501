import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { DeadLetter, LetterFate } from '@image-organizer/adapters/message-bus/message-bus';
import { EventShapeError, parseEvent } from '@image-organizer/contracts/envelope';
import { queues, type QueueDefinition } from '@image-organizer/contracts/topology';
import type { StageName } from '@image-organizer/contracts/vocabulary';
import type { Clock } from '@image-organizer/platform/clock';
import { retryStage } from './retry-stage.ts';

interface Dependencies {
  catalog: Catalog;
  clock: Clock;
  relayHint: (entry: OutboxEntry) => void;
}

/** Each trigger has one queue. */
const stages: [StageName, QueueDefinition<{ imageId: string; ownerId: string }>][] = [
  ['extract', queues.ocrImageUploaded],
  ['classify', queues.classifierImageExtracted],
  ['organize', queues.organizerImageClassified],
];

/**
 * Sets back what failed with the letter: replayed alone, its message would find a stage, or an email, that has failed and
 * leave it so.
 * @returns what remains to be done with the letter: a stage that begins again has an event of its own
 */
export async function retryDeadLetter(
  { catalog, clock, relayHint }: Dependencies,
  { queue, message }: Pick<DeadLetter, 'queue' | 'message'>,
): Promise<LetterFate> {
  try {
    if (queue === queues.notificationBatchCompleted.name) {
      const { batchId } = parseEvent(queues.notificationBatchCompleted.event, message.body).data;
      await catalog.retryDelivery(`email:${batchId}`);
    }
    for (const [stage, { name, event }] of stages) {
      if (name !== queue) continue;
      const { imageId, ownerId } = parseEvent(event, message.body).data;
      const image = await catalog.getImage(ownerId, imageId);
      if (image && (await retryStage({ catalog, relayHint }, image, stage, clock.now()))) return 'discard';
    }
  } catch (error) {
    if (!(error instanceof EventShapeError)) throw error; // else nobody can read it, and that may have been mended
  }
  return 'replay';
}
