import { AppError } from '@image-organizer/platform/errors';
import { cellsOf } from './csv-records.ts';

export const importColumns = {
  serialNumber: 'Serial Number',
  productName: 'Product Name',
  urls: 'Input Image Urls',
} as const;

/** Where a CSV has what: positions of its cells. */
export interface ImportColumns {
  delimiter: string;
  serialNumber: number;
  productName: number;
  urls: number;
  /** Cells behind those of the URLs that the header names: they are something else. */
  end: number | undefined;
}

export class MissingHeaderError extends AppError {
  readonly code = 'MISSING_HEADER';
  readonly kind = 'unprocessable';
  constructor(line: string) {
    const expected = Object.values(importColumns).join(', ');
    super(
      `The first line must name the columns “${expected}”, separated by commas, semicolons or tabs; it is “${line.slice(0, 200)}”. GET /api/imports/sample.csv has an example.`,
    );
  }
}

const delimiters = [',', ';', '\t'];

/** What people and programs call them, in lower case and without spaces, dots, hyphens and underscores. */
const names = {
  serialNumber: /^(s|sr|serial)(no|nr|num|number)$/,
  productName: /^productname$/,
  urls: /^(input)?image(url|link)s?$/,
};

/** @param line the first that is not empty. Undefined where it is no header of an import */
export function importColumnsOf(line: string): ImportColumns | undefined {
  for (const delimiter of delimiters) {
    const header = cellsOf([line], delimiter)?.[0]?.map((cell) =>
      cell.toLowerCase().replace(/[\s._-]+/g, ''),
    );
    const find = (name: keyof typeof names) => header?.findIndex((cell) => names[name].test(cell)) ?? -1;
    const columns = {
      serialNumber: find('serialNumber'),
      productName: find('productName'),
      urls: find('urls'),
    };
    if (!header || Object.values(columns).includes(-1)) continue;
    const end = header.findIndex((cell, position) => position > columns.urls && cell !== '');
    return { delimiter, ...columns, end: end === -1 ? undefined : end };
  }
  return undefined;
}

/** Whether a file that begins so is a CSV to import. */
export function looksLikeImport(head: Buffer): boolean {
  const line = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .find((text) => text.trim() !== '');
  return line !== undefined && importColumnsOf(line) !== undefined;
}
