import { buffer } from 'node:stream/consumers';
import { exportCatalog } from '@image-organizer/contracts/http/export';
import yauzl from 'yauzl';

export interface ZippedFile {
  name: string;
  bytes: Buffer;
  stored: boolean;
}

/** The files of a ZIP in their order, checked by another program's rules: names, sizes, checksums. */
export function readZip(bytes: Buffer): Promise<ZippedFile[]> {
  return new Promise((resolve, reject) => {
    const files: ZippedFile[] = [];
    yauzl.fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject).on('end', () => resolve(files));
      zip.on('entry', (entry: yauzl.Entry) => {
        zip.openReadStream(entry, (failure, stream) => {
          if (failure) return reject(failure);
          buffer(stream).then((content) => {
            files.push({ name: entry.fileName, bytes: content, stored: entry.compressionMethod === 0 });
            zip.readEntry();
          }, reject);
        });
      });
      zip.readEntry();
    });
  });
}

/** The catalogue at the end of an export. */
export const catalogOf = (files: ZippedFile[]) =>
  exportCatalog.parse(JSON.parse(files.at(-1)!.bytes.toString('utf8')));
