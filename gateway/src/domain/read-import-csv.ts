import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '@image-organizer/platform/errors';
import { cellsOf, createRecordSplitter, type CsvRecord } from './csv-records.ts';
import { csvText } from './csv-text.ts';
import { importColumnsOf, MissingHeaderError, type ImportColumns } from './import-columns.ts';
import { readRow, unreadableRow, type ReadRow } from './import-row.ts';

export class TooManyRowsError extends AppError {
  readonly code = 'TOO_MANY_ROWS';
  readonly kind = 'too-large';
  constructor(most: number) {
    super(`The CSV has more than ${most} rows: send it in parts.`);
  }
}

/** Characters of one row. */
const longestRow = 1_000_000;
const rowsPerPage = 500;

/**
 * The rows of a CSV, up to 500 at a time; nothing but a page and a piece of the file is in memory. Empty rows are left out.
 * @throws MissingHeaderError, UnreadableCsvError, TooManyRowsError; and what `bytes` fails with
 */
export async function* readImportCsv(bytes: Readable, maxRows: number): AsyncGenerator<ReadRow[]> {
  let page: ReadRow[] = [];
  let count = 0;
  for await (const rows of rowsOf(csvText(bytes))) {
    count += rows.length;
    if (count > maxRows) throw new TooManyRowsError(maxRows);
    page = page.concat(rows);
    for (; page.length >= rowsPerPage; page = page.slice(rowsPerPage)) yield page.slice(0, rowsPerPage);
  }
  if (page.length > 0) yield page;
}

/** The rows of each piece of the file. */
async function* rowsOf(texts: AsyncGenerator<string>): AsyncGenerator<ReadRow[]> {
  const { line, text, columns } = await readHeader(texts);
  const splitter = createRecordSplitter({ longest: longestRow, delimiter: columns.delimiter });
  /** A piece may have thousands of records: others want their turn in between. */
  async function* read(all: CsvRecord[]) {
    const records = all.filter((record) => record.line > line && record.text.trim() !== '');
    for (let from = 0; from < records.length; from += rowsPerPage) {
      yield readRecords(records.slice(from, from + rowsPerPage), columns);
      await setImmediate();
    }
  }
  yield* read(splitter.push(text));
  for await (const piece of texts) yield* read(splitter.push(piece));
  yield* read(splitter.end());
}

/** Reads as far as the first line that is not empty. @returns with all the text that was read. @throws MissingHeaderError */
async function readHeader(texts: AsyncGenerator<string>) {
  let text = '';
  for (;;) {
    const next = await texts.next();
    if (!next.done) text += next.value;
    const lines = text.split(/\r\n|\n|\r/);
    const index = lines.findIndex((line) => line.trim() !== '');
    const isWhole = index !== -1 && index < lines.length - 1;
    if (!isWhole && !next.done && text.length <= longestRow) continue;
    const columns = importColumnsOf(lines[index] ?? '');
    if (!columns) throw new MissingHeaderError(lines[index] ?? '');
    return { line: index + 1, text, columns };
  }
}

function readRecords(records: CsvRecord[], columns: ImportColumns): ReadRow[] {
  const sound = records.filter(({ problem }) => !problem);
  const cells = cellsOfEach(
    sound.map(({ text }) => text),
    columns.delimiter,
  );
  let next = 0;
  return records.flatMap((record) => {
    const own = record.problem ? undefined : cells[next++];
    return (own ? readRow(record.line, own, columns) : unreadableRow(record)) ?? [];
  });
}

/** Parsed together, which takes a seventh of the time; where one is not well-formed, by halves as far as that one. */
function cellsOfEach(texts: string[], delimiter: string): (string[] | undefined)[] {
  if (texts.length === 0) return [];
  const together = cellsOf(texts, delimiter);
  if (together || texts.length === 1) return together ?? [undefined];
  const middle = Math.ceil(texts.length / 2);
  return [texts.slice(0, middle), texts.slice(middle)].flatMap((half) => cellsOfEach(half, delimiter));
}
