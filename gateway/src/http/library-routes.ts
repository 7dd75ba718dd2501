import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Batch } from '@image-organizer/contracts/http/batch';
import { Router, type RequestHandler } from 'express';
import { findBatch } from '../domain/find-image.ts';
import { accountOf } from './authenticate.ts';
import { folderView } from './folder-view.ts';
import { imageView } from './image-view.ts';
import type { Links } from './links.ts';

const firstPage = 50;

/** Folders, batches and statistics, below /api. */
export function libraryRoutes(catalog: Catalog, links: Links): Router {
  const router = Router();
  router.get('/folders', async (_request, response) => {
    const folders = await catalog.listFolders(accountOf(response).id);
    response.json({ items: folders.map(folderView), nextCursor: null });
  });
  router.get('/batches/:id', batchHandler(catalog, links));
  router.get('/stats', async (_request, response) => {
    response.json(await catalog.stats(accountOf(response).id));
  });
  return router;
}

/** Progress of one upload. */
export function batchHandler(catalog: Catalog, links: Links): RequestHandler {
  return async (request, response) => {
    const ownerId = accountOf(response).id;
    const { id, status, total, organized, failed, createdAt, completedAt } = await findBatch(
      catalog,
      ownerId,
      request.params.id,
    );
    const images = await catalog.listImages({ ownerId, batchId: id, sort: 'uploadedAt', limit: firstPage });
    const batch: Batch = {
      id,
      status: status === 'receiving' ? 'open' : status,
      total,
      organized,
      failed,
      createdAt: createdAt.toISOString(),
      completedAt: completedAt?.toISOString() ?? null,
      images: { items: images.items.map((image) => imageView(image, links)), nextCursor: images.nextCursor },
    };
    response.json(batch);
  };
}
