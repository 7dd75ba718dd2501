import { randomUUID } from 'node:crypto';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord } from '@image-organizer/adapters/catalog/records';
import type { Clock } from '@image-organizer/platform/clock';

/**
 * Records what is to be called when a batch is completed: its owner's endpoints that are on, and its callbackUrl. One row per
 * key, however often the batch's end is told.
 * @param options.hint there may be something to send
 */
export const createRecordWebhooks =
  ({ catalog, clock, hint }: { catalog: Catalog; clock: Clock; hint: () => void }) =>
  async ({ id: batchId, ownerId, callbackUrl }: BatchRecord): Promise<void> => {
    const endpoints = (await catalog.listWebhooks(ownerId)).filter(({ disabledAt }) => disabledAt === null);
    const targets = [
      ...endpoints.map(({ id, url }) => ({ key: `${id}:${batchId}`, endpointId: id, url })),
      ...(callbackUrl === null ? [] : [{ key: `callback:${batchId}`, endpointId: null, url: callbackUrl }]),
    ];
    const now = clock.now();
    for (const target of targets) {
      const id = `msg_${randomUUID()}`;
      await catalog.addWebhookDelivery({ ...target, id, ownerId, batchId, createdAt: now, dueAt: now });
    }
    if (targets.length > 0) hint();
  };
