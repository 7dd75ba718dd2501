import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord } from '@image-organizer/adapters/catalog/records';
import { queues } from '@image-organizer/contracts/topology';
import type { DeliveryDefinition } from '@image-organizer/pipeline/run-delivery';
import { PermanentError } from '@image-organizer/platform/errors';

/**
 * What follows the end of a batch: its webhooks are recorded, then its owner gets one email, if one is wanted. Under the key
 * that the catalogue's `batchesWithoutDelivery` looks for. Webhooks first: a mail server that is down holds up no webhook.
 */
export const batchCompletedDelivery = ({
  catalog,
  recordWebhooks,
  sendEmail,
}: {
  catalog: Catalog;
  recordWebhooks: (batch: BatchRecord) => Promise<void>;
  sendEmail: (batch: BatchRecord) => Promise<void>;
}): DeliveryDefinition<{ batchId: string; ownerId: string }> => ({
  name: 'email',
  consumes: queues.notificationBatchCompleted,
  concurrency: 2,
  deadlineMs: 20_000,
  keyOf: ({ batchId }) => `email:${batchId}`,
  async send({ batchId, ownerId }) {
    const batch = await catalog.getBatch(ownerId, batchId);
    if (!batch) throw new PermanentError('BATCH_UNKNOWN', 'what the message names is not in the catalogue');
    await recordWebhooks(batch);
    if (batch.notify) await sendEmail(batch);
  },
});
