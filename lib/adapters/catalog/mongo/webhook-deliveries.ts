import type { WebhookCatalog, WebhookDelivery } from '../webhooks.ts';
import { changeDocument, trackWrite, type Change } from './change-document.ts';
import type { WebhookDeliveryDocument } from './documents.ts';
import { someDate } from './migrations.ts';
import { insertIfNew, type Store } from './store.ts';

type Deliveries = Pick<
  WebhookCatalog,
  | 'addWebhookDelivery'
  | 'claimWebhookDelivery'
  | 'settleWebhookDelivery'
  | 'listWebhookDeliveries'
  | 'oldestWebhookDueAt'
  | 'forgetWebhookDeliveries'
>;

/** Calls of webhooks, each made until it is settled. */
export const createWebhookDeliveries = (store: Store): Deliveries => ({
  addWebhookDelivery: ({ key, ...delivery }) =>
    store.run(({ webhookDeliveries }) =>
      insertIfNew(() =>
        webhookDeliveries.updateOne(
          { _id: key },
          {
            $setOnInsert: {
              ...delivery,
              ...{ status: 'pending', epoch: 0, attempts: 0, leasedBy: null },
              ...{ settledAt: null, lastStatus: null, error: null, rev: 0, writes: [] },
            },
          },
          { upsert: true },
        ),
      ),
    ),
  async claimWebhookDelivery(request) {
    const { now, exceptOwners = [] } = request;
    for (;;) {
      const due = await store.run(({ webhookDeliveries }) =>
        webhookDeliveries.findOne(
          { status: 'pending', dueAt: { $lte: now }, ownerId: { $nin: exceptOwners } },
          { sort: { dueAt: 1 }, projection: { _id: 1 } },
        ),
      );
      if (!due) return undefined;
      const claimed = await change(store, due._id, (delivery) => claim(delivery, request));
      if (claimed) return claimed;
    }
  },
  settleWebhookDelivery: ({ key, epoch }, outcome) =>
    change(store, key, (delivery) =>
      delivery?.epoch === epoch && delivery.leasedBy !== null
        ? { outcome: true, set: { ...outcome, leasedBy: null } }
        : { outcome: false },
    ),
  listWebhookDeliveries: ({ ownerId, endpointId, limit }) =>
    store.run(async ({ webhookDeliveries }) => {
      const found = await webhookDeliveries
        .find({ ownerId, endpointId }, { sort: { createdAt: -1, _id: 1 }, limit })
        .toArray();
      return found.map(toDelivery);
    }),
  oldestWebhookDueAt: () =>
    store.run(async ({ webhookDeliveries }) => {
      const oldest = await webhookDeliveries.findOne({ status: 'pending' }, { sort: { dueAt: 1 } });
      return oldest?.dueAt ?? null;
    }),
  forgetWebhookDeliveries: (until) =>
    store.run(async ({ webhookDeliveries }) => {
      const { deletedCount } = await webhookDeliveries.deleteMany({
        settledAt: { ...someDate, $lte: until },
      });
      return deletedCount;
    }),
});

/** Every delivery that somebody has is due. @returns how many */
export const releaseWebhookDeliveries = (store: Store, now: Date): Promise<number> =>
  store.run(async ({ webhookDeliveries }) => {
    const { modifiedCount } = await webhookDeliveries.updateMany(
      { status: 'pending', leasedBy: { $ne: null } },
      { $set: { leasedBy: null, dueAt: now }, $inc: { rev: 1 } },
    );
    return modifiedCount;
  });

function change<Outcome>(
  store: Store,
  key: string,
  decide: (document: WebhookDeliveryDocument | undefined) => Change<WebhookDeliveryDocument, Outcome>,
): Promise<Outcome> {
  const tracker = trackWrite<Outcome>();
  return store.run(({ webhookDeliveries }) => changeDocument(webhookDeliveries, key, tracker, decide));
}

type Claimed = Awaited<ReturnType<WebhookCatalog['claimWebhookDelivery']>>;

function claim(
  delivery: WebhookDeliveryDocument | undefined,
  { owner, now, leaseMs }: Parameters<WebhookCatalog['claimWebhookDelivery']>[0],
): Change<WebhookDeliveryDocument, Claimed> {
  if (delivery?.status !== 'pending' || delivery.dueAt > now) return { outcome: undefined };
  const set = {
    epoch: delivery.epoch + 1,
    attempts: delivery.attempts + 1,
    leasedBy: owner,
    dueAt: new Date(now.getTime() + leaseMs),
  };
  return { outcome: { ...toDelivery({ ...delivery, ...set }), epoch: set.epoch }, set };
}

const toDelivery = ({
  _id: key,
  epoch: _epoch,
  leasedBy: _leasedBy,
  rev: _rev,
  writes: _writes,
  ...delivery
}: WebhookDeliveryDocument): WebhookDelivery => ({ key, ...delivery });
