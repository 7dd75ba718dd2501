import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord } from '@image-organizer/adapters/catalog/imports';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { Quota } from '@image-organizer/contracts/http/access-token';
import { importRequested } from '@image-organizer/contracts/events/import-requested';
import type { ImportError } from '@image-organizer/contracts/http/import';
import type { StoredFile } from '@image-organizer/pipeline/intake/receive-files';
import { StorageUnavailableError } from '@image-organizer/pipeline/intake/storage-unavailable';
import { outboxEntry } from '@image-organizer/pipeline/outbox-entry';
import { quotaOr } from '@image-organizer/pipeline/quota';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import { AppError, messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { errorsOfRow, mostErrors, NothingToImportError } from './import-errors.ts';
import type { ReadRow } from './import-row.ts';
import { readImportCsv } from './read-import-csv.ts';
import { IdempotencyKeyReusedError } from './upload-errors.ts';

/** What the owner wants done with a CSV. */
export interface ImportOrder {
  owner: { id: string; email: string; quota: Quota };
  /** It is read from the blob store, and deleted there when the request has ended. */
  csv: StoredFile;
  folder: string | null;
  notify: boolean;
  callbackUrl: string | null;
  idempotencyKey: string | null;
  requestId: string | null;
}

export interface ImportDependencies {
  blobs: BlobStore;
  catalog: Catalog;
  clock: Clock;
  log: Log;
  newId: () => string;
  /** The entry is in the outbox. */
  relayHint: (entry: OutboxEntry) => void;
  graceSeconds: number;
  maxImportRows: number;
  /** For accounts that have none of their own. */
  defaultQuota: Quota;
}

/**
 * Records every row of the CSV, then tells importers of it. When it returns, the rows are in the catalogue and the event
 * is in the outbox. A repeated request gets the import of the first one.
 * @throws MissingHeaderError, UnreadableCsvError, TooManyRowsError, NothingToImportError, IdempotencyKeyReusedError,
 *   StorageUnavailableError
 */
export async function startImport(
  dependencies: ImportDependencies,
  order: ImportOrder,
): Promise<ImportRecord> {
  const bytes = await orUnavailable(dependencies.blobs.open(originalBlobId(order.csv.imageId)));
  const pages = readImportCsv(bytes, dependencies.maxImportRows);
  try {
    const first = await pages.next(); // before anything is recorded: a file without the header never was an import
    if (first.done) throw new NothingToImportError([]);
    const opened = await openImport(dependencies, order);
    if (opened.status !== 'receiving') return opened;
    return await fillImport(dependencies, opened, first.value, pages);
  } catch (error) {
    throw error instanceof AppError ? error : new StorageUnavailableError(error);
  } finally {
    bytes.destroy();
  }
}

async function openImport(
  { catalog, clock, newId, graceSeconds, defaultQuota }: ImportDependencies,
  { owner, csv, folder, notify, callbackUrl, idempotencyKey, requestId }: ImportOrder,
): Promise<ImportRecord> {
  const now = clock.now();
  const shared = {
    ...{ ownerId: owner.id, ownerEmail: owner.email, requestId, createdAt: now },
    expiresAt: new Date(now.getTime() + graceSeconds * 1_000),
  };
  const quota = quotaOr(owner.quota, defaultQuota);
  const open = (id: string) =>
    catalog.openImport({ ...shared, ...{ id, folder, quota, filename: csv.filename } });
  // The import comes first: a batch without one would never end.
  const opened = await open(newId());
  const batch = await catalog.openBatch({
    ...shared,
    ...{ id: opened.id, kind: 'import', notify, callbackUrl, idempotencyKey },
  });
  if (batch.id === opened.id) return opened;
  await catalog.dropImport(opened.id);
  if (batch.kind !== 'import') throw new IdempotencyKeyReusedError();
  return open(batch.id);
}

async function fillImport(
  { catalog, clock, relayHint, log }: ImportDependencies,
  { id, ownerId, requestId }: ImportRecord,
  first: ReadRow[],
  rest: AsyncGenerator<ReadRow[]>,
): Promise<ImportRecord> {
  const dueAt = clock.now(); // the same for all: they are fetched in the order of the file
  const errors: ImportError[] = [];
  let isFetchable = false;
  const record = async (rows: ReadRow[]) => {
    isFetchable ||= rows.some(({ status }) => status === 'pending');
    if (!isFetchable && errors.length < mostErrors)
      errors.push(...rows.flatMap(errorsOfRow).slice(0, mostErrors));
    await catalog.addImportRows(rows.map((row) => ({ ...row, importId: id, dueAt })));
  };
  try {
    await record(first);
    for await (const rows of rest) await record(rows);
    if (!isFetchable) throw new NothingToImportError(errors);
    crashPoint('import:rows-recorded');
    const context = { lane: 'interactive' as const, requestId, now: clock.now() };
    const event = outboxEntry(importRequested, { importId: id, ownerId }, context);
    if (await catalog.startImport(id, event)) relayHint(event);
  } catch (error) {
    // A failure costs nothing: the sweeper drops it when it has expired.
    await catalog
      .dropImport(id)
      .catch((reason: unknown) =>
        log.warn({ importId: id, reason: messageOf(reason) }, 'an import is left to the sweeper'),
      );
    throw error;
  }
  const started = await catalog.getImport(ownerId, id);
  if (!started) throw new Error('the same CSV was sent a second time meanwhile, and that request was cut');
  return started;
}

const orUnavailable = async <Result>(step: Promise<Result>): Promise<Result> =>
  step.catch((error: unknown) => {
    throw new StorageUnavailableError(error);
  });
