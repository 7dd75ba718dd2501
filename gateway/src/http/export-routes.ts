import { create as contentDisposition } from 'content-disposition';
import { Router, type Request, type Response } from 'express';
import { cleanFolderPath } from '@image-organizer/contracts/folder-path';
import { exportQuery } from '@image-organizer/contracts/http/export';
import { zipStream } from '../adapters/zip-stream.ts';
import {
  exportImages,
  FolderNotFoundError,
  type ExportDependencies,
  type ExportedFile,
} from '../domain/export-images.ts';
import { findBatch } from '../domain/find-image.ts';
import { accountOf } from './authenticate.ts';
import { invalidInput } from './invalid-input.ts';
import { sendBytes } from './send-asset.ts';

/** ZIPs of originals, below /api. */
export function exportRoutes(dependencies: ExportDependencies): Router {
  const router = Router();

  router.get('/folders/export.zip', async (request, response) => {
    const folder = readFolder(request);
    const scope = { ownerId: accountOf(response).id, ...(folder === null ? {} : { folder }) };
    const name = folder?.split('/').at(-1) ?? 'images';
    await sendZip(request, response, `${name}.zip`, await exportImages(dependencies, scope));
  });

  router.get('/batches/:id/export.zip', async (request, response) => {
    const ownerId = accountOf(response).id;
    const { id, createdAt } = await findBatch(dependencies.catalog, ownerId, request.params.id);
    const name = `upload ${createdAt.toISOString().slice(0, 10)} ${id.slice(0, 8)}.zip`;
    await sendZip(request, response, name, await exportImages(dependencies, { ownerId, batchId: id }));
  });
  return router;
}

/** @returns null for everything. @throws InvalidInputError, FolderNotFoundError */
function readFolder({ query }: Request): string | null {
  const parsed = exportQuery.safeParse(query);
  if (!parsed.success) throw invalidInput('The query has wrong parameters', parsed.error);
  const path = parsed.data.path ?? '';
  if (path === '') return null;
  const folder = cleanFolderPath(path);
  if (folder === '') throw new FolderNotFoundError(); // it must not become everything
  return folder;
}

/** Without a length: what is in it is only known at its end. A client tells a cut ZIP by the cut connection. */
async function sendZip(
  request: Request,
  response: Response,
  filename: string,
  files: AsyncIterable<ExportedFile>,
): Promise<void> {
  response.set({
    'Content-Type': 'application/zip',
    'Content-Disposition': contentDisposition(filename, { type: 'attachment' }),
    'Cache-Control': 'no-store',
  });
  if (request.method === 'HEAD') response.end();
  else await sendBytes(zipStream(files), response);
}
