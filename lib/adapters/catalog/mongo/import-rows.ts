import { hasError } from '../import-rules.ts';
import type { ImportCatalog, ImportRow, RowClaim } from '../imports.ts';
import { changeDocument, trackWrite, type Change } from './change-document.ts';
import { rowId, toRow, type ImportRowDocument } from './import-documents.ts';
import { isDuplicate, type Collections, type Store } from './store.ts';

type Rows = Pick<
  ImportCatalog,
  'addImportRows' | 'listImportRows' | 'claimImportRow' | 'renewImportRow' | 'settleImportRow'
>;
type ClaimRequest = Parameters<ImportCatalog['claimImportRow']>[0];
type Claimed = ImportRow & { epoch: number };

/** To find the row that is due first, FerretDB sorts all that are due: so many are found at once. */
const candidatesAtOnce = 100;
/** More than a process works on at a time. */
const importsAtOnce = 50;

/** The rows of CSV imports: claim → settle. */
export function createImportRows(store: Store): Rows {
  /** Ids of rows that were due when they were found, per import: guesses, which the compare-and-set proves. */
  const candidates = new Map<string, string[]>();

  async function nextCandidate({ importId, now }: ClaimRequest): Promise<string | undefined> {
    const known = candidates.get(importId);
    candidates.delete(importId);
    const ids = known?.length ? known : await store.run((collections) => findDue(collections, importId, now));
    const id = ids.shift();
    if (ids.length > 0) candidates.set(importId, ids);
    if (candidates.size > importsAtOnce) candidates.delete(candidates.keys().next().value!);
    return id;
  }

  /** Changes what the claim holds. @returns false when fenced */
  const changeHeld = (
    { importId, row, epoch }: RowClaim,
    change: (row: ImportRowDocument) => Partial<ImportRowDocument>,
  ): Promise<boolean> =>
    changeRow(store, rowId(importId, row), (found) =>
      found?.status === 'running' && found.epoch === epoch
        ? { outcome: true, set: change(found) }
        : { outcome: false },
    );

  return {
    addImportRows: (rows) => store.run((collections) => insertOrReplace(collections, rows)),
    listImportRows: (query) => store.run((collections) => listRows(collections, query)),
    async claimImportRow(request) {
      if (!(await store.run((collections) => isRunning(collections, request)))) return undefined;
      for (;;) {
        const id = await nextCandidate(request);
        if (id === undefined) return undefined;
        const claimed = await changeRow(store, id, (row) => claim(row, request));
        if (claimed) return claimed;
      }
    },
    renewImportRow: (held, until) => changeHeld(held, () => ({ dueAt: until })),
    settleImportRow: (held, settled) =>
      changeHeld(held, ({ errors }) => ({
        ...settled,
        ...{ owner: null, hasError: hasError({ ...settled, errors }) },
      })),
  };
}

/** Every running row of imports that are not over becomes pending, and due. @returns how many */
export const releaseRunningImportRows = (store: Store, now: Date): Promise<number> =>
  store.run(async ({ imports, importRows }) => {
    const unfinished = await imports
      .find(
        { status: { $in: ['running', 'paused', 'cancelled'] }, completedAt: null },
        { projection: { _id: 1 } },
      )
      .toArray();
    const { modifiedCount } = await importRows.updateMany(
      { importId: { $in: unfinished.map(({ _id }) => _id) }, status: 'running' },
      { $set: { status: 'pending', owner: null, dueAt: now }, $inc: { rev: 1 } },
    );
    return modifiedCount;
  });

function changeRow<Outcome>(
  store: Store,
  id: string,
  decide: (document: ImportRowDocument | undefined) => Change<ImportRowDocument, Outcome>,
): Promise<Outcome> {
  const tracker = trackWrite<Outcome>();
  return store.run(({ importRows }) => changeDocument(importRows, id, tracker, decide));
}

/** Rows are inserted many at once; those that are there from an earlier try make way first. */
async function insertOrReplace(
  { imports, importRows }: Collections,
  rows: Parameters<ImportCatalog['addImportRows']>[0],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const lastRow = Math.max(...rows.map(({ row }) => row));
  const { matchedCount } = await imports.updateOne(
    { _id: first.importId, status: 'receiving' },
    { $max: { lastRow } },
  );
  if (matchedCount === 0) return;
  const documents = rows.map((row) => ({
    ...row,
    ...{ _id: rowId(row.importId, row.row), hasError: hasError(row) },
    ...{ attempts: 0, epoch: 0, owner: null, rev: 0, writes: [] },
  }));
  for (;;) {
    try {
      await importRows.insertMany(documents, { ordered: false });
      return;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      await importRows.deleteMany({ _id: { $in: documents.map(({ _id }) => _id) } });
    }
  }
}

/** Page by page between two bounds: FerretDB sorts whatever a query finds. */
async function listRows(
  { imports, importRows }: Collections,
  { ownerId, importId, after, limit, failed }: Parameters<ImportCatalog['listImportRows']>[0],
): Promise<ImportRow[]> {
  const found = await imports.findOne({ _id: importId, ownerId }, { projection: { lastRow: 1 } });
  const rows: ImportRow[] = [];
  let [from, span] = [after, limit];
  while (found && rows.length < limit && from < found.lastRow) {
    const bounds = failed
      ? { importId, hasError: true, row: { $gt: from, $lte: from + span } }
      : { _id: { $gt: rowId(importId, from), $lte: rowId(importId, from + span) } };
    const page = await importRows
      .find(bounds, { sort: failed ? { row: 1 } : { _id: 1 }, limit: limit - rows.length })
      .toArray();
    rows.push(...page.map(toRow));
    from += span;
    span *= 2; // rows may lie far apart
  }
  return rows;
}

/** Whether rows may be claimed; notes who had its turn. */
async function isRunning({ imports }: Collections, { importId, now }: ClaimRequest): Promise<boolean> {
  const found = await imports.findOne({ _id: importId, status: 'running' }, { projection: { claimedAt: 1 } });
  if (!found) return false;
  if (now.getTime() - found.claimedAt.getTime() >= 1_000)
    await imports.updateOne({ _id: importId }, { $max: { claimedAt: now } });
  return true;
}

async function findDue({ importRows }: Collections, importId: string, now: Date): Promise<string[]> {
  const due = await importRows
    .find(
      { importId, status: { $in: ['pending', 'running'] }, dueAt: { $lte: now } },
      { sort: { dueAt: 1, row: 1 }, limit: candidatesAtOnce, projection: { _id: 1 } },
    )
    .toArray();
  return due.map(({ _id }) => _id);
}

function claim(
  row: ImportRowDocument | undefined,
  { owner, now, leaseMs }: ClaimRequest,
): Change<ImportRowDocument, Claimed | undefined> {
  const isOpen = row?.status === 'pending' || row?.status === 'running';
  if (!row || !isOpen || row.dueAt > now) return { outcome: undefined };
  const set = {
    ...{ status: 'running' as const, owner, dueAt: new Date(now.getTime() + leaseMs) },
    ...{ epoch: row.epoch + 1, attempts: row.attempts + 1 },
  };
  return { outcome: { ...toRow({ ...row, ...set }), epoch: set.epoch }, set };
}
