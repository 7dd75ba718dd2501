import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord, ImportRow, ImportUrl } from '@image-organizer/adapters/catalog/imports';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { csvLines } from './csv-lines.ts';
import { importColumns } from './import-columns.ts';
import { errorsOfRow, failedUrls } from './import-errors.ts';

/** Rows, and images, that are in memory at a time. */
const rowsPerPage = 200;
const imagesPerPage = 200;

const columns = Object.values(importColumns);

/** A CSV to start from. */
export const sampleCsv = csvLines([
  columns,
  ['1', 'Kettle', 'https://example.com/kettle-front.jpg,https://example.com/kettle-back.jpg'],
  ['2', 'Pan', 'https://example.com/pan.png'],
]);

/**
 * The CSV as it came in, row by row, with a link for each URL, in their order: none for one that failed or whose image is
 * gone.
 * @param linkOf to the compressed image
 */
export async function* outputCsv(
  catalog: Catalog,
  record: ImportRecord,
  linkOf: (image: ImageRecord) => string,
): AsyncGenerator<string> {
  yield csvLines([[...columns, 'Output Image Urls']]);
  for await (const page of pagesOf(catalog, record, false)) {
    const links = await linksOf(catalog, page, linkOf);
    yield csvLines(
      page.map((row) => [
        ...cellsOf(row, row.urls),
        row.urls.map(({ imageId }) => (imageId === null ? '' : (links.get(imageId) ?? ''))).join(','),
      ]),
    );
  }
}

/** What has failed, to mend and send again: the column Error is not read then. */
export async function* errorsCsv(catalog: Catalog, record: ImportRecord): AsyncGenerator<string> {
  yield csvLines([[...columns, 'Error']]);
  for await (const page of pagesOf(catalog, record, true)) {
    yield csvLines(page.map((row) => [...cellsOf(row, failedUrls(row.urls)), reasonsOf(row)]));
  }
}

const cellsOf = ({ serialNumber, productName }: ImportRow, urls: ImportUrl[]): string[] => [
  serialNumber,
  productName,
  urls.map(({ url }) => url).join(','),
];

/** Each reason once. */
const reasonsOf = (row: ImportRow): string =>
  [...new Set(errorsOfRow(row).map(({ code, detail }) => `${code}: ${detail}`))].join(' ');

async function* pagesOf(
  catalog: Catalog,
  { id, ownerId }: ImportRecord,
  failed: boolean,
): AsyncGenerator<ImportRow[]> {
  for (let after = 0; ;) {
    const page = await catalog.listImportRows({ ownerId, importId: id, after, limit: rowsPerPage, failed });
    if (page.length > 0) yield page;
    if (page.length < rowsPerPage) return;
    after = page.at(-1)!.row;
  }
}

async function linksOf(
  catalog: Catalog,
  rows: ImportRow[],
  linkOf: (image: ImageRecord) => string,
): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ urls }) => urls.flatMap(({ imageId }) => imageId ?? []));
  const links = new Map<string, string>();
  for (let from = 0; from < ids.length; from += imagesPerPage) {
    const images = await catalog.findImages(ids.slice(from, from + imagesPerPage));
    for (const image of images) if (isThere(image)) links.set(image.id, linkOf(image));
  }
  return links;
}

/** Or will be, when it is made. */
const isThere = ({ deletedAt, stages }: ImageRecord): boolean =>
  deletedAt === null && stages.extract.status !== 'failed';
