import type { ImportRecord, ImportRow } from '../imports.ts';
import type { OutboxEntry } from '../records.ts';
import type { Revised } from './documents.ts';

export interface ImportDocument extends Revised, Omit<ImportRecord, 'id' | 'rows'> {
  expiresAt: Date;
  /** When somebody last began a row of it, to the second. */
  claimedAt: Date;
  /** No row has a higher number. */
  lastRow: number;
  outbox: OutboxEntry[];
}

/** `dueAt` of a running one is the end of its lease. */
export interface ImportRowDocument extends Revised, ImportRow {
  epoch: number;
  owner: string | null;
  hasError: boolean;
}

/** Ordered as the rows of the import are. */
export const rowId = (importId: string, row: number): string => `${importId}:${String(row).padStart(9, '0')}`;

export const toRow = ({
  _id,
  epoch: _epoch,
  owner: _owner,
  hasError: _hasError,
  rev: _rev,
  writes: _writes,
  ...row
}: ImportRowDocument): ImportRow => row;
