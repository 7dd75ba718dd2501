import type { ReceivedFile, StoredFile } from '@image-organizer/pipeline/intake/receive-files';
import { recogniseImage, type Recognised } from '@image-organizer/pipeline/intake/recognise-image';
import { looksLikeImport } from './import-columns.ts';

const csv: Recognised = { contentType: 'text/csv' };

/** An image, or a CSV to import by its header. */
export function recogniseUpload(head: Buffer): Recognised {
  const recognised = recogniseImage(head);
  return 'refusal' in recognised && looksLikeImport(head) ? csv : recognised;
}

/** A CSV, whatever it is: what is wrong with it is said when it is read. */
export const recogniseCsv = (head: Buffer): Recognised => (head.length === 0 ? recogniseImage(head) : csv);

export const isCsv = (file: ReceivedFile): file is { stored: StoredFile } =>
  'stored' in file && file.stored.contentType === csv.contentType;
