import { webhookRemoved, type WebhookCatalog, type WebhookEndpoint } from '../webhooks.ts';
import type { WebhookDocument } from './documents.ts';
import { isDuplicate, type Store } from './store.ts';

type Endpoints = Pick<
  WebhookCatalog,
  'addWebhook' | 'listWebhooks' | 'getWebhook' | 'removeWebhook' | 'switchWebhook'
>;

/** Whom owners want to be called. */
export const createWebhooks = (store: Store): Endpoints => ({
  /** An owner's endpoints have the slots 0 to `most` - 1, each once: so two who add the last one at once do not both. */
  addWebhook: ({ id, ...endpoint }, most) =>
    store.run(async ({ webhooks }) => {
      for (;;) {
        const taken = await webhooks.find({ ownerId: endpoint.ownerId }).toArray();
        if (taken.some(({ _id }) => _id === id)) return true; // by an earlier try
        const slot = Array.from({ length: most }, (_, n) => n).find((n) =>
          taken.every((each) => each.slot !== n),
        );
        if (slot === undefined) return false;
        try {
          await webhooks.insertOne({ _id: id, ...endpoint, slot });
          return true;
        } catch (error) {
          if (!isDuplicate(error)) throw error;
        }
      }
    }),
  listWebhooks: (ownerId) =>
    store.run(async ({ webhooks }) => {
      const found = await webhooks.find({ ownerId }, { sort: { createdAt: 1, _id: 1 } }).toArray();
      return found.map(toEndpoint);
    }),
  getWebhook: (ownerId, id) =>
    store.run(async ({ webhooks }) => {
      const found = await webhooks.findOne({ _id: id, ownerId });
      return found ? toEndpoint(found) : undefined;
    }),
  /** Deliveries that a crash in between leaves pending fail when they are tried: their endpoint is not there. */
  async removeWebhook(ownerId, id, now) {
    const found = await store.run(({ webhooks }) => webhooks.findOne({ _id: id, ownerId }));
    if (!found) return false;
    await store.run(({ webhooks }) => webhooks.deleteOne({ _id: id }));
    await store.run(({ webhookDeliveries }) =>
      webhookDeliveries.updateMany(
        { ownerId, endpointId: id, status: 'pending' },
        {
          $set: { status: 'failed', leasedBy: null, settledAt: now, error: webhookRemoved },
          $inc: { rev: 1 },
        },
      ),
    );
    return true;
  },
  switchWebhook: (ownerId, id, disabledAt) =>
    store.run(async ({ webhooks }) => {
      const { matchedCount } = await webhooks.updateOne({ _id: id, ownerId }, { $set: { disabledAt } });
      return matchedCount === 1;
    }),
});

const toEndpoint = ({ _id: id, slot: _slot, ...endpoint }: WebhookDocument): WebhookEndpoint => ({
  id,
  ...endpoint,
});
