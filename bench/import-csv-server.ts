/**
 * The gateway of bench/import-csv.ts in a process of its own, with a SQLite catalogue and blobs on the disk. Tells its
 * parent { url, token } once it listens, and ends when the parent goes away.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { silentLog } from '@image-organizer/platform/log';
import { serveGateway } from './support/serve-gateway.ts';

const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
const directory = mkdtempSync(join(results, 'import-csv-'));
process.once('exit', () => rmSync(directory, { recursive: true }));
process.once('disconnect', () => process.exit());

const catalog = createSqliteCatalog({ path: join(directory, 'catalog.sqlite') });
const blobs = await createDiskBlobStore({ directory: join(directory, 'blobs'), log: silentLog() });
process.send!(await serveGateway({ blobs, catalog }, { maxUploadBytes: 1e9 }));
