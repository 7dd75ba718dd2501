import type { CellError, ImportCatalog, ImportUrl } from '@image-organizer/adapters/catalog/imports';
import type { CsvRecord } from './csv-records.ts';
import { importColumns, type ImportColumns } from './import-columns.ts';

/** A row as it is recorded, but for its import and when it is due. */
export type ReadRow = Omit<Parameters<ImportCatalog['addImportRows']>[0][number], 'importId' | 'dueAt'>;

const urlsPerRow = 200;
const urlLength = 2_000;
/** Of a value in a report. */
export const shownLength = 200;

/** A row that could be read into cells; null where all of them are empty. */
export function readRow(line: number, cells: string[], columns: ImportColumns): ReadRow | null {
  const given = cells.slice(columns.urls, columns.end).filter((cell) => cell !== '');
  const urls = given.flatMap((cell) => cell.split(/[\s,;]+/)).filter((url) => url !== '');
  const named = {
    serialNumber: unescape(cells[columns.serialNumber] ?? '').trim(),
    productName: unescape(cells[columns.productName] ?? '').trim(),
  };
  const row = { row: line, ...named };
  if (urls.length > urlsPerRow) {
    const detail = `There are ${urls.length} URLs in the row: at most ${urlsPerRow} are taken. Make several rows of it.`;
    return refused(row, 'TOO_MANY_URLS', detail, importColumns.urls, given.join(','));
  }
  if (urls.length > 0) {
    const read = urls.map(readUrl);
    return { ...row, urls: read, errors: [], status: read.some(isPending) ? 'pending' : 'failed' };
  }
  if (named.serialNumber === '' && named.productName === '') return null;
  return refused(row, 'NO_URL', 'There is no URL in the row.', importColumns.urls);
}

/** A record that has no cells, because its text is broken. */
export function unreadableRow({ line, text, problem }: CsvRecord): ReadRow {
  const row = { row: line, serialNumber: '', productName: '' };
  return problem === 'too-long'
    ? refused(row, 'ROW_TOO_LONG', 'The row is longer than 1 MB.', 'Row', text)
    : refused(
        row,
        'BROKEN_QUOTING',
        'A quotation mark is not closed, or stands inside a cell: put the cell in quotation marks and double those in it.',
        'Row',
        text,
      );
}

/** Nothing of the row is fetched; what it had is kept for the owner to mend. */
function refused(
  row: Pick<ReadRow, 'row' | 'serialNumber' | 'productName'>,
  code: string,
  detail: string,
  column: string,
  given = '',
): ReadRow {
  const error: CellError = { column, value: given.slice(0, shownLength), code, detail };
  const url: ImportUrl = { url: given, status: 'failed', imageId: null, error: { code, detail } };
  return { ...row, status: 'failed', errors: [error], urls: given === '' ? [] : [url] };
}

function readUrl(given: string): ImportUrl {
  const url = unescape(given);
  const problem = problemOf(url);
  return { url, status: problem ? 'failed' : 'pending', imageId: null, error: problem };
}

function problemOf(url: string): ImportUrl['error'] {
  if (url.length > urlLength)
    return { code: 'URL_TOO_LONG', detail: `The URL is longer than ${urlLength} characters.` };
  if (!URL.canParse(url))
    return {
      code: 'NOT_A_URL',
      detail: 'This is no URL: it must begin with http:// or https://. A comma in a URL is written as %2C.',
    };
  if (!/^https?:\/\//i.test(url))
    return { code: 'URL_NOT_HTTP', detail: 'Only URLs that begin with http:// or https:// are fetched.' };
  return null;
}

const isPending = ({ status }: ImportUrl): boolean => status === 'pending';

/** Takes off what `csvLines` puts before a formula: a report that is sent again says what the first CSV said. */
const unescape = (cell: string): string => cell.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, '');
