import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord, ImportRow } from '@image-organizer/adapters/catalog/imports';
import type { Import, ImportRowView, ImportSummary } from '@image-organizer/contracts/http/import';
import { importErrors } from '../domain/import-errors.ts';
import type { Links } from './links.ts';

export const importSummary = (
  { id, filename, status, rows, createdAt, completedAt }: ImportRecord,
  links: Links,
): ImportSummary => ({
  id,
  filename,
  status,
  rows,
  createdAt: createdAt.toISOString(),
  completedAt: completedAt?.toISOString() ?? null,
  links: links.import(id),
});

/** An import as its owner sees it, with its images counted and the first of its errors. */
export async function importView(catalog: Catalog, record: ImportRecord, links: Links): Promise<Import> {
  const batch = await catalog.getBatch(record.ownerId, record.id);
  const { total = 0, organized = 0, failed = 0 } = batch ?? {};
  return {
    ...importSummary(record, links),
    images: { total, organized, failed },
    errors: await importErrors(catalog, record),
  };
}

export const importRowView = ({ importId: _importId, dueAt: _dueAt, ...row }: ImportRow): ImportRowView =>
  row;
