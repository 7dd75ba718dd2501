import type { DeliveryCatalog, DeliveryClaim } from '../catalog.ts';
import { changeBatch, toBatches } from './batches.ts';
import { changeDocument, trackWrite, type Change } from './change-document.ts';
import type { BatchDocument, DeliveryDocument } from './documents.ts';
import { filtered } from './filtered.ts';
import { insertIfNew, type Collections, type Store } from './store.ts';

const unheld = { owner: null, leaseUntil: null };
const emailPrefix = 'email:';

/** What goes out to people, once per key. */
export function createDeliveries(store: Store): DeliveryCatalog {
  /** Changes what the claim holds. @returns false when fenced */
  const changeHeld = (
    { key, epoch }: { key: string; epoch: number },
    change: (delivery: DeliveryDocument) => Partial<DeliveryDocument>,
  ): Promise<boolean> =>
    changeDelivery(store, key, (delivery) =>
      delivery?.status === 'running' && delivery.epoch === epoch
        ? { outcome: true, set: { ...unheld, ...change(delivery) } }
        : { outcome: false },
    );

  /** A crash in between is no harm: `batchesWithoutDelivery` makes up for it. */
  async function settle(
    claim: { key: string; epoch: number },
    change: Partial<DeliveryDocument>,
  ): Promise<boolean> {
    const isSettled = await changeHeld(claim, () => change);
    if (isSettled) await settleEmails(store, [claim.key]).catch(() => undefined);
    return isSettled;
  }

  return {
    async claimDelivery(request) {
      await insertPending(store, request.key);
      return changeDelivery(store, request.key, (delivery) => claim(delivery!, request));
    },
    completeDelivery: (claim, now) => settle(claim, { status: 'sent', error: null, sentAt: now }),
    releaseDelivery: (claim, failure) =>
      changeHeld(claim, ({ attempts }) =>
        failure ? { status: 'pending', error: failure } : { status: 'pending', attempts: attempts - 1 },
      ),
    failDelivery: (claim, failure) => settle(claim, { status: 'failed', error: failure }),
    retryDelivery: (key) =>
      changeDelivery(store, key, (delivery) =>
        delivery?.status === 'failed'
          ? { outcome: true, set: { status: 'pending', attempts: 0 } }
          : { outcome: false },
      ),
    async batchesWithoutDelivery({ now, idleSince, limit }) {
      const settled: string[] = [];
      const found = await store.run(async (collections) => {
        const waiting = collections.batches.find(
          {
            status: 'completed',
            notify: { $in: [true, false] }, // both, said so that the index is used to its end
            emailSettled: false,
            touchedAt: { $lte: idleSince },
            outbox: { $size: 0 },
          },
          { sort: { touchedAt: 1 } },
        );
        const documents = await filtered(waiting, limit, async (page) => {
          const deliveries = await emailsOf(collections, page);
          settled.push(...deliveries.filter(isSettled).map(({ _id }) => _id));
          const busy = new Set(
            deliveries.filter((each) => isSettled(each) || isLeased(each, now)).map(({ _id }) => _id),
          );
          return page.filter(({ _id }) => !busy.has(emailPrefix + _id));
        });
        return toBatches(collections, documents);
      });
      if (settled.length > 0) await settleEmails(store, settled);
      return found;
    },
    requeueBatchCompleted: (id, now, event) =>
      changeBatch(store, id, (batch) => {
        const isWaiting = batch?.status === 'completed' && !batch.emailSettled;
        return isWaiting && batch.outbox.length === 0
          ? { outcome: undefined, set: { touchedAt: now }, event }
          : { outcome: undefined };
      }),
  };
}

/** Every running delivery becomes pending. @returns how many */
export const releaseRunningDeliveries = (store: Store): Promise<number> =>
  store.run(async ({ deliveries }) => {
    const { modifiedCount } = await deliveries.updateMany(
      { status: 'running' },
      { $set: { status: 'pending', ...unheld }, $inc: { rev: 1 } },
    );
    return modifiedCount;
  });

function changeDelivery<Outcome>(
  store: Store,
  key: string,
  decide: (document: DeliveryDocument | undefined) => Change<DeliveryDocument, Outcome>,
): Promise<Outcome> {
  const tracker = trackWrite<Outcome>();
  return store.run(({ deliveries }) => changeDocument(deliveries, key, tracker, decide));
}

async function insertPending(store: Store, key: string): Promise<void> {
  await store.run(({ deliveries }) =>
    insertIfNew(() =>
      deliveries.updateOne(
        { _id: key },
        {
          $setOnInsert: {
            ...{ status: 'pending', epoch: 0, attempts: 0, ...unheld },
            ...{ error: null, sentAt: null, rev: 0, writes: [] },
          },
        },
        { upsert: true },
      ),
    ),
  );
}

function claim(
  { status, epoch, attempts, leaseUntil }: DeliveryDocument,
  { owner, now, leaseMs }: Parameters<DeliveryCatalog['claimDelivery']>[0],
): Change<DeliveryDocument, DeliveryClaim> {
  if (status === 'sent' || status === 'failed') return { outcome: { kind: status } };
  if (leaseUntil && leaseUntil > now) return { outcome: { kind: 'leased', until: leaseUntil } };
  const next = { epoch: epoch + 1, attempts: attempts + 1 };
  return {
    outcome: { kind: 'claimed', epoch: next.epoch, attempt: next.attempts },
    set: { ...next, status: 'running', owner, leaseUntil: new Date(now.getTime() + leaseMs) },
  };
}

const emailsOf = ({ deliveries }: Collections, batches: BatchDocument[]): Promise<DeliveryDocument[]> =>
  deliveries.find({ _id: { $in: batches.map(({ _id }) => emailPrefix + _id) } }).toArray();

const isSettled = ({ status }: DeliveryDocument): boolean => status === 'sent' || status === 'failed';

const isLeased = ({ status, leaseUntil }: DeliveryDocument, now: Date): boolean =>
  status === 'running' && leaseUntil !== null && leaseUntil > now;

/** Batches whose email is settled leave what the sweeper looks through. */
async function settleEmails(store: Store, keys: string[]): Promise<void> {
  const ids = keys.filter((key) => key.startsWith(emailPrefix)).map((key) => key.slice(emailPrefix.length));
  await store.run(({ batches }) =>
    batches.updateMany({ _id: { $in: ids } }, { $set: { emailSettled: true }, $inc: { rev: 1 } }),
  );
}
