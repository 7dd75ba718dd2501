import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord, ImportRow, ImportUrl } from '@image-organizer/adapters/catalog/imports';
import type { ImportError } from '@image-organizer/contracts/http/import';
import { AppError } from '@image-organizer/platform/errors';
import { importColumns } from './import-columns.ts';
import { shownLength, type ReadRow } from './import-row.ts';

/** So many a report has. */
export const mostErrors = 100;

export class ImportNotFoundError extends AppError {
  readonly code = 'IMPORT_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such import.');
  }
}

export class ImportIsOverError extends AppError {
  readonly code = 'IMPORT_IS_OVER';
  readonly kind = 'conflict';
  constructor({ status }: Pick<ImportRecord, 'status'>) {
    super(`The import is ${status}: it can be neither paused nor resumed nor cancelled.`);
  }
}

/** No row of the CSV has a URL to fetch. */
export class NothingToImportError extends AppError {
  readonly code = 'NOTHING_TO_IMPORT';
  readonly kind = 'unprocessable';
  override readonly fields: { field: string; detail: string }[];
  constructor(errors: ImportError[]) {
    super(
      errors.length > 0
        ? 'No row of the CSV has a URL that can be fetched.'
        : 'There is no row below the header.',
    );
    this.fields = errors
      .slice(0, mostErrors)
      .map(({ row, column, detail }) => ({ field: `row ${row}, ${column}`, detail }));
  }
}

/** What is wrong with a row: as a whole, or else with its URLs. */
export function errorsOfRow({ row, errors, urls }: Pick<ReadRow, 'row' | 'errors' | 'urls'>): ImportError[] {
  if (errors.length > 0) return errors.map((error) => ({ row, ...error }));
  return failedUrls(urls).map(({ url, error }) => ({
    row,
    column: importColumns.urls,
    value: url.slice(0, shownLength),
    ...(error ?? { code: 'FETCH_FAILED', detail: 'It could not be fetched.' }),
  }));
}

export const failedUrls = (urls: ImportUrl[]): ImportUrl[] =>
  urls.filter(({ status }) => status === 'failed');

/** The first 100. */
export async function importErrors(
  catalog: Catalog,
  { id, ownerId }: Pick<ImportRecord, 'id' | 'ownerId'>,
): Promise<ImportError[]> {
  const rows: ImportRow[] = await catalog.listImportRows({
    ...{ ownerId, importId: id, after: 0, limit: mostErrors, failed: true },
  });
  return rows.flatMap(errorsOfRow).slice(0, mostErrors);
}
