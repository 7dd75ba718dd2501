import type { ImageStatus } from '@image-organizer/contracts/vocabulary';
import type { UploadCatalog } from '../catalog.ts';
import type { BatchRecord } from '../records.ts';
import { changeDocument, trackWrite, type Change } from './change-document.ts';
import type { BatchDocument } from './documents.ts';
import { filtered } from './filtered.ts';
import { isDuplicate, type Collections, type Store } from './store.ts';

type Batches = Pick<
  UploadCatalog,
  'openBatch' | 'sealBatch' | 'settleBatch' | 'getBatch' | 'unfinishedBatches'
>;
type NewBatch = Parameters<UploadCatalog['openBatch']>[0];

const unsettled = (): { deletedAt: null; status: { $in: ImageStatus[] } } => ({
  deletedAt: null,
  status: { $in: ['queued', 'processing'] },
});

/** Images that arrived together. */
export const createBatches = (store: Store): Batches => ({
  openBatch: (batch) =>
    store.run(async (collections, isRetry) => {
      const document = await insertOrFind(collections, batch, isRetry);
      const [record] = await toBatches(collections, [document]);
      return record!;
    }),
  sealBatch: (id) =>
    store.run(async ({ batches, images }) => {
      const image = await images.findOne({ batchId: id }, { projection: { _id: 1 } });
      const receiving = { _id: id, status: 'receiving' } as const;
      if (!image) await batches.deleteOne({ ...receiving, kind: { $ne: 'import' } });
      await batches.updateOne(receiving, {
        $set: { status: 'open', changedAt: new Date() },
        $inc: { rev: 1 },
      });
    }),
  async settleBatch(id, now, event) {
    const isUnsettled = await store.run(({ images }) =>
      images.findOne({ batchId: id, ...unsettled() }, { projection: { _id: 1 } }),
    );
    if (isUnsettled) return false;
    return changeBatch(store, id, (batch) =>
      batch?.status === 'open'
        ? {
            outcome: true,
            set: { status: 'completed', completedAt: now, touchedAt: now, changedAt: new Date() },
            event,
          }
        : { outcome: false },
    );
  },
  getBatch: (ownerId, id) =>
    store.run(async (collections) => {
      const document = await collections.batches.findOne({ _id: id, ownerId });
      return document ? (await toBatches(collections, [document]))[0] : undefined;
    }),
  unfinishedBatches: (now, limit) =>
    store.run(async (collections) => {
      const { batches, images, imports } = collections;
      const dead = await batches
        .find({ status: 'receiving', kind: { $ne: 'import' }, expiresAt: { $lte: now } }, { limit })
        .toArray();
      const importing = batches.find({ status: 'receiving', kind: 'import' });
      const imported = await filtered(importing, limit - dead.length, async (page) => {
        const ids = page.map(({ _id }) => _id);
        const ended = await imports.distinct('_id', { _id: { $in: ids }, completedAt: { $ne: null } });
        return page.filter(({ _id }) => ended.includes(_id));
      });
      const left = limit - dead.length - imported.length;
      const settled = await filtered(batches.find({ status: 'open' }), left, async (page) => {
        const busy = await images.distinct('batchId', {
          batchId: { $in: page.map(({ _id }) => _id) },
          ...unsettled(),
        });
        return page.filter(({ _id }) => !busy.includes(_id));
      });
      return toBatches(collections, [...dead, ...imported, ...settled]);
    }),
});

/** One compare-and-set of a batch: see `changeDocument`. */
export function changeBatch<Outcome>(
  store: Store,
  id: string,
  decide: (document: BatchDocument | undefined) => Change<BatchDocument, Outcome>,
): Promise<Outcome> {
  const tracker = trackWrite<Outcome>();
  return store.run(({ batches }) => changeDocument(batches, id, tracker, decide));
}

/**
 * The batch, or the one that has its key. A batch that an earlier try inserted is found by its id. Another try looks first:
 * many that insert one key at once deadlock in FerretDB, and would again.
 */
async function insertOrFind(
  collections: Collections,
  batch: NewBatch,
  isRetry: boolean,
): Promise<BatchDocument> {
  const { batches } = collections;
  const { id, ownerId, idempotencyKey } = batch;
  const find = () =>
    batches.findOne(idempotencyKey === null ? { _id: id } : { ownerId, idempotencyKey }, {
      readConcern: 'majority',
    });
  const before = isRetry ? await find() : null;
  if (before) return before;
  const document = newBatchDocument(batch);
  try {
    await batches.insertOne(document);
    return document;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return (await find()) ?? insertOrFind(collections, batch, false); // it was empty, and sealed, meanwhile
  }
}

const newBatchDocument = ({ id, idempotencyKey, ...batch }: NewBatch): BatchDocument => ({
  _id: id,
  ...batch,
  ...(idempotencyKey === null ? {} : { idempotencyKey }),
  status: 'receiving',
  completedAt: null,
  touchedAt: null,
  changedAt: new Date(),
  emailSettled: false,
  outbox: [],
  rev: 0,
  writes: [],
});

/** Batches with their living images counted. */
export async function toBatches({ images }: Collections, documents: BatchDocument[]): Promise<BatchRecord[]> {
  if (documents.length === 0) return [];
  const counts = await images
    .aggregate<{ _id: { batchId: string; status: string }; count: number }>([
      { $match: { batchId: { $in: documents.map(({ _id }) => _id) }, deletedAt: null } },
      { $group: { _id: { batchId: '$batchId', status: '$status' }, count: { $sum: 1 } } },
    ])
    .toArray();
  return documents.map((document) => {
    const own = counts.filter(({ _id }) => _id.batchId === document._id);
    const countOf = (status: string) => own.find(({ _id }) => _id.status === status)?.count ?? 0;
    return {
      id: document._id,
      kind: document.kind ?? 'upload', // missing in those of before there were imports
      ownerId: document.ownerId,
      ownerEmail: document.ownerEmail,
      status: document.status,
      notify: document.notify,
      callbackUrl: document.callbackUrl ?? null,
      requestId: document.requestId,
      createdAt: document.createdAt,
      completedAt: document.completedAt,
      total: own.reduce((sum, { count }) => sum + count, 0),
      organized: countOf('organized'),
      failed: countOf('failed'),
    };
  });
}
