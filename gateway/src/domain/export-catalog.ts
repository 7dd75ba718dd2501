import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { ExportedImage, MissingImage } from '@image-organizer/contracts/http/export';

export const catalogName = 'catalog.json';

/** An image that is in the ZIP. */
export interface Exported {
  id: string;
  file: string;
}

/** Records held at a time: each has the image's text. */
const pageSize = 200;

/**
 * catalog.json piece by piece. The records are read once more rather than kept: of each exported image only its id and
 * path are in memory. What was purged meanwhile joins `missing`.
 */
export async function* catalogJson(
  catalog: Catalog,
  exportedAt: Date,
  exported: Exported[],
  missing: MissingImage[],
): AsyncGenerator<string> {
  yield `{"exportedAt":${JSON.stringify(exportedAt)},"images":[`;
  let separator = '\n';
  for (let from = 0; from < exported.length; from += pageSize) {
    const page = exported.slice(from, from + pageSize);
    const found = await catalog.findImages(page.map(({ id }) => id));
    const records = new Map(found.map((record) => [record.id, record]));
    for (const { id, file } of page) {
      const record = records.get(id);
      if (!record) {
        missing.push({ id, file, reason: 'facts-deleted' });
        continue;
      }
      yield separator + JSON.stringify(describe(record, file));
      separator = ',\n';
    }
  }
  yield `\n],"missing":${JSON.stringify(missing)}}\n`;
}

const describe = (image: ImageRecord, file: string): ExportedImage => ({
  id: image.id,
  file,
  folder: image.placement?.folder ?? null,
  filename: image.placement?.filename ?? image.filename,
  batchId: image.batchId,
  contentType: image.contentType,
  size: image.size,
  sha256: image.sha256,
  status: image.status,
  uploadedAt: image.uploadedAt.toISOString(),
  metadata: image.metadata,
  text: image.text,
  textConfidence: image.textConfidence,
  language: image.language,
  caption: image.caption,
  tags: image.tags,
});
