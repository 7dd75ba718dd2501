import { changeableFrom, importCursorAfter, importPositionOf } from '../import-rules.ts';
import type { ImportCatalog, ImportRecord } from '../imports.ts';
import { changeDocument, trackWrite, type Change } from './change-document.ts';
import type { ImportDocument } from './import-documents.ts';
import { insertIfNew, type Collections, type Store } from './store.ts';

type Imports = Omit<
  ImportCatalog,
  'addImportRows' | 'listImportRows' | 'claimImportRow' | 'renewImportRow' | 'settleImportRow'
>;

/** CSV imports as a whole. */
export const createImports = (store: Store): Imports => ({
  openImport: ({ id, ...request }) =>
    store.run(async (collections) => {
      const { imports } = collections;
      await insertIfNew(() =>
        imports.updateOne(
          { _id: id },
          {
            $setOnInsert: {
              ...request,
              ...{ status: 'receiving', completedAt: null, claimedAt: new Date(0), lastRow: 0 },
              ...{ outbox: [], rev: 0, writes: [] },
            },
          },
          { upsert: true },
        ),
      );
      const document = await imports.findOne({ _id: id }, { readConcern: 'majority' });
      return toImport(collections, document!);
    }),
  startImport: (id, event) =>
    changeImport(store, id, (document) =>
      document?.status === 'receiving'
        ? { outcome: true, set: { status: 'running' }, event }
        : { outcome: false },
    ),
  /** The import goes last: who finds it again after a crash drops the rest. */
  dropImport: (id) =>
    store.run(async ({ imports, importRows, batches }) => {
      if (!(await imports.findOne({ _id: id, status: 'receiving' }, { projection: { _id: 1 } }))) return;
      await importRows.deleteMany({ importId: id });
      await batches.deleteOne({ _id: id, kind: 'import' });
      await imports.deleteOne({ _id: id, status: 'receiving' });
    }),
  expiredImports: (now, limit) =>
    store.run(async (collections) =>
      toImports(
        collections,
        await collections.imports
          .find({ status: 'receiving', completedAt: null, expiresAt: { $lte: now } }, { limit })
          .toArray(),
      ),
    ),
  changeImport: ({ ownerId, importId, to, event }) =>
    changeImport(store, importId, (document) =>
      document?.ownerId === ownerId && changeableFrom[to].some((from) => from === document.status)
        ? { outcome: true, set: { status: to }, event }
        : { outcome: false },
    ),
  getImport: (ownerId, id) =>
    store.run(async (collections) => {
      const document = await collections.imports.findOne({ _id: id, ownerId });
      return document ? toImport(collections, document) : undefined;
    }),
  async listImports({ ownerId, limit, cursor }) {
    const before = cursor === undefined ? undefined : importPositionOf(cursor);
    const older = before && {
      $or: [
        { createdAt: { $lt: before.createdAt } },
        { createdAt: before.createdAt, _id: { $lt: before.id } },
      ],
    };
    return store.run(async (collections) => {
      const documents = await collections.imports
        .find({ ownerId, ...older }, { sort: { createdAt: -1, _id: -1 }, limit: limit + 1 })
        .toArray();
      const items = await toImports(collections, documents.slice(0, limit));
      return { items, nextCursor: documents.length > limit ? importCursorAfter(items.at(-1)!) : null };
    });
  },
  runningImports: (limit) =>
    store.run(async (collections) =>
      toImports(
        collections,
        await collections.imports
          .find({ status: 'running', completedAt: null }, { sort: { claimedAt: 1, createdAt: 1 }, limit })
          .toArray(),
      ),
    ),
  /** Rows that are settled stay so, and none is added: what is looked up first is true when it is written. */
  async finishImport(id, now) {
    const busy = await store.run(async ({ importRows }) => {
      const of = (filter: object) =>
        importRows.findOne({ importId: id, ...filter }, { projection: { _id: 1 } });
      return {
        running: await of({ status: { $in: ['pending', 'running'] } }),
        cancelled: await of({ status: 'running', dueAt: { $gt: now } }),
      };
    });
    return changeImport(store, id, (document) => {
      if (!document || document.completedAt) return { outcome: false };
      if (document.status === 'running' && !busy.running)
        return { outcome: true, set: { status: 'completed', completedAt: now } };
      const isOver = document.status === 'cancelled' && !busy.cancelled;
      return isOver ? { outcome: true, set: { completedAt: now } } : { outcome: false };
    });
  },
  cancelledImports: (limit) =>
    store.run(async (collections) =>
      toImports(
        collections,
        await collections.imports.find({ status: 'cancelled', completedAt: null }, { limit }).toArray(),
      ),
    ),
});

/** One compare-and-set of an import: see `changeDocument`. */
function changeImport<Outcome>(
  store: Store,
  id: string,
  decide: (document: ImportDocument | undefined) => Change<ImportDocument, Outcome>,
): Promise<Outcome> {
  const tracker = trackWrite<Outcome>();
  return store.run(({ imports }) => changeDocument(imports, id, tracker, decide));
}

const toImports = (collections: Collections, documents: ImportDocument[]): Promise<ImportRecord[]> =>
  Promise.all(documents.map((document) => toImport(collections, document)));

/** An import with its rows counted. */
async function toImport({ importRows }: Collections, document: ImportDocument): Promise<ImportRecord> {
  const count = (status: string) => importRows.countDocuments({ importId: document._id, status } as object);
  const [pending, running, done, failed] = await Promise.all([
    count('pending'),
    count('running'),
    count('done'),
    count('failed'),
  ]);
  return {
    id: document._id,
    ownerId: document.ownerId,
    ownerEmail: document.ownerEmail,
    filename: document.filename,
    folder: document.folder,
    quota: document.quota,
    status: document.status,
    requestId: document.requestId,
    createdAt: document.createdAt,
    completedAt: document.completedAt,
    rows: { total: pending + running + done + failed, done, failed },
  };
}
