/**
 * One contender of bench/upload.ts in a process of its own: `node bench/upload-server.ts gateway|memory`. Tells its
 * parent { url, token } once it listens, and ends when the parent goes away.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { silentLog } from '@image-organizer/platform/log';
import express from 'express';
import multer from 'multer';
import { serveGateway } from './support/serve-gateway.ts';

const maxUploadBytes = 4 * 1024 ** 3;

/** The gateway as it runs embedded: every file is hashed, flushed to the disk and recorded before the answer. */
async function serveOurs() {
  const directory = mkdtempSync(join(import.meta.dirname, 'results', 'upload-'));
  process.once('exit', () => rmSync(directory, { recursive: true }));
  const blobs = await createDiskBlobStore({ directory: join(directory, 'blobs'), log: silentLog() });
  const catalog = createSqliteCatalog({ path: join(directory, 'catalog.sqlite') });
  return serveGateway({ blobs, catalog }, { maxUploadBytes });
}

/** What multer offers for the job: the file in memory, and nothing done with it. */
async function serveMemory() {
  const app = express();
  app.post('/upload', multer({ storage: multer.memoryStorage() }).any(), (request, response) => {
    response.status(202).json({ files: (request.files as Express.Multer.File[]).map(({ size }) => size) });
  });
  const server = createServer(app).listen(0);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'none' };
}

process.once('disconnect', () => process.exit());
process.send!(await (process.argv[2] === 'gateway' ? serveOurs() : serveMemory()));
