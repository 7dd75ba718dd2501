import type { Quota } from '@image-organizer/contracts/http/access-token';
import type { Failure } from '@image-organizer/contracts/vocabulary';
import type { OutboxEntry } from './records.ts';

/** `receiving` while the CSV is read; `cancelled` and `completed` are final. */
export type ImportStatus = 'receiving' | 'running' | 'paused' | 'cancelled' | 'completed';

/** One CSV of image URLs. Its images are those of the batch with the same id: progress, email and undo are the batch's. */
export interface ImportRecord {
  id: string;
  ownerId: string;
  ownerEmail: string;
  /** Of the CSV, cleaned for display. */
  filename: string;
  /** The folder that its images are to go to, as an upload's; null: the organizer decides. */
  folder: string | null;
  /** The owner's when the CSV was sent: importers know nothing of accounts. */
  quota: Quota;
  status: ImportStatus;
  requestId: string | null;
  createdAt: Date;
  completedAt: Date | null;
  /** Counted when read. `failed`: no URL of the row became an image, or the row could not be read. */
  rows: { total: number; done: number; failed: number };
}

/** What is known of one URL of a row. */
export interface ImportUrl {
  url: string;
  /** `fetched`: its image is in the catalogue. */
  status: 'pending' | 'fetched' | 'failed';
  imageId: string | null;
  error: Failure | null;
}

/** What is wrong with a cell, as the report says it. */
export interface CellError {
  column: string;
  /** As given, cut to 200 characters. */
  value: string;
  code: string;
  detail: string;
}

/** `pending`: to be fetched, or to be tried again at `dueAt`. `done`: every URL is settled and one at least was fetched. */
export type ImportRowStatus = 'pending' | 'running' | 'done' | 'failed';

/** One row of the CSV. Together with its import's id its number is its key. */
export interface ImportRow {
  importId: string;
  /** Line of the file that the row begins at, from 1: 2 for the first below a header in the first line. */
  row: number;
  /** Cells as given, trimmed. */
  serialNumber: string;
  productName: string;
  /** In the order of the file. One that is no URL to fetch is `failed` from the start, with `url` as it was given. */
  urls: ImportUrl[];
  status: ImportRowStatus;
  /** What is wrong with the row beside its URLs, which have errors of their own; empty where nothing is. */
  errors: CellError[];
  attempts: number;
  dueAt: Date;
}

export interface RowClaim {
  importId: string;
  row: number;
  /** The fencing token. */
  epoch: number;
}

/** CSV imports: rows are recorded as they are read, then claimed, fetched and settled by any number of importers. */
export interface ImportCatalog {
  /** Begins an import in status `receiving`, in one write. One with the same id is no error: nothing changes. */
  openImport(
    request: Omit<ImportRecord, 'status' | 'completedAt' | 'rows'> & { expiresAt: Date },
  ): Promise<ImportRecord>;
  /**
   * Rows with the same number are replaced: a CSV may be sent again with the same Idempotency-Key. Those of an import
   * that is not receiving are left as they are.
   */
  addImportRows(rows: Omit<ImportRow, 'attempts'>[]): Promise<void>;
  /** The CSV was read to its end: `receiving` becomes `running`, with the outbox entry. False where it was not receiving. */
  startImport(importId: string, event: OutboxEntry): Promise<boolean>;
  /** Forgets an import that is still receiving, with its rows and its batch: its CSV was refused or its upload died. */
  dropImport(importId: string): Promise<void>;
  /** For the sweeper: those receiving past their expiry. */
  expiredImports(now: Date, limit: number): Promise<ImportRecord[]>;
  /** running ↔ paused, either → cancelled; with the outbox entry where one is given. False where it is or cannot be so. */
  changeImport(request: {
    ownerId: string;
    importId: string;
    to: 'running' | 'paused' | 'cancelled';
    event: OutboxEntry | null;
  }): Promise<boolean>;
  getImport(ownerId: string, importId: string): Promise<ImportRecord | undefined>;
  /** Newest first, keyset-paged. @throws InvalidCursorError */
  listImports(query: {
    ownerId: string;
    limit: number;
    cursor?: string;
  }): Promise<{ items: ImportRecord[]; nextCursor: string | null }>;
  /** In the order of the file, after row `after` (0: from the start); `failed`: only rows with an error or a failed URL. */
  listImportRows(query: {
    ownerId: string;
    importId: string;
    after: number;
    limit: number;
    failed?: boolean;
  }): Promise<ImportRow[]>;

  /** For importers: ids of running imports, those least recently claimed from first, so that they share the fetching. */
  runningImports(limit: number): Promise<ImportRecord[]>;
  /**
   * Compare-and-set of the row that has been due for longest (pending since `dueAt`, or running since its lease expired;
   * the first of the file where they are equal) → running, epoch + 1, attempts + 1. Undefined where nothing is due or the
   * import is not running.
   */
  claimImportRow(request: {
    importId: string;
    owner: string;
    now: Date;
    leaseMs: number;
  }): Promise<(ImportRow & { epoch: number }) | undefined>;
  /** @returns false when fenced */
  renewImportRow(claim: RowClaim, until: Date): Promise<boolean>;
  /** Gives a row back with what is known of its URLs: settled, or pending until `dueAt`. @returns false when fenced */
  settleImportRow(
    claim: RowClaim,
    settled: { urls: ImportUrl[]; status: 'pending' | 'done' | 'failed'; dueAt: Date },
  ): Promise<boolean>;
  /**
   * For importers: a running import without a pending or running row becomes `completed`, a cancelled one without a
   * row that is running under a lease gets its completedAt. @returns true for the call that did it
   */
  finishImport(importId: string, now: Date): Promise<boolean>;
  /** For importers: cancelled imports without completedAt. */
  cancelledImports(limit: number): Promise<ImportRecord[]>;
}
