import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord } from '@image-organizer/adapters/catalog/records';
import type { ImportRecord, ImportRow } from '@image-organizer/adapters/catalog/imports';
import type { Import, ImportRowView, ImportSummary } from '@image-organizer/contracts/http/import';
import { importErrors } from '../domain/import-errors.ts';
import type { Links } from './links.ts';

export async function importSummary(
  catalog: Catalog,
  record: ImportRecord,
  links: Links,
): Promise<ImportSummary> {
  return summaryOf(record, await catalog.getBatch(record.ownerId, record.id), links);
}

/** Completed is what can be used: every URL is settled, and every image is organised or has failed. */
function summaryOf(
  { id, filename, status, rows, createdAt, completedAt }: ImportRecord,
  batch: BatchRecord | undefined,
  links: Links,
): ImportSummary {
  const isAtWork = batch !== undefined && batch.status !== 'completed';
  const endedAt = isAtWork ? null : (batch?.completedAt ?? completedAt);
  return {
    id,
    filename,
    status: isAtWork && status === 'completed' ? 'running' : status,
    rows,
    createdAt: createdAt.toISOString(),
    completedAt: endedAt?.toISOString() ?? null,
    links: links.import(id),
  };
}

/** An import as its owner sees it, with its images counted and the first of its errors. */
export async function importView(catalog: Catalog, record: ImportRecord, links: Links): Promise<Import> {
  const batch = await catalog.getBatch(record.ownerId, record.id);
  const { total = 0, organized = 0, failed = 0 } = batch ?? {};
  return {
    ...summaryOf(record, batch, links),
    images: { total, organized, failed },
    errors: await importErrors(catalog, record),
  };
}

export const importRowView = ({ importId: _importId, dueAt: _dueAt, ...row }: ImportRow): ImportRowView =>
  row;
