import { stringify } from 'csv-stringify/sync';

/**
 * Rows as a CSV by RFC 4180. A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a CR)
 * gets an apostrophe before it: what is in it came from somebody's CSV.
 */
export const csvLines = (rows: string[][]): string =>
  stringify(rows, { escape_formulas: true, record_delimiter: '\r\n', quote_record_delimiter: true });
