import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { retryRequest, type HistoryEntry } from '@image-organizer/contracts/http/image';
import type { Clock } from '@image-organizer/platform/clock';
import express, { Router, type RequestHandler } from 'express';
import { findImage } from '../domain/find-image.ts';
import { findAsset, type AssetName } from '../domain/image-asset.ts';
import { retryImage } from '../domain/retry-image.ts';
import { accountOf } from './authenticate.ts';
import { readImageQuery } from './image-query.ts';
import { imageView } from './image-view.ts';
import { invalidInput } from './invalid-input.ts';
import type { Links } from './links.ts';
import { listImages } from './list-images.ts';
import { sendAsset, sendPending } from './send-asset.ts';

export interface ImageRouteDependencies {
  blobs: BlobStore;
  catalog: Catalog;
  clock: Clock;
  links: Links;
  relayHint: (entry: OutboxEntry) => void;
}

const assetPaths: Record<AssetName, string> = {
  original: 'original',
  text: 'text',
  compressed: 'compressed',
  small: 'thumbnails/small',
  medium: 'thumbnails/medium',
};

/** What GET and POST can do with images, below /api. */
export function imageRoutes({ blobs, catalog, clock, links, relayHint }: ImageRouteDependencies): Router {
  const router = Router();

  router.get('/images', async (request, response) => {
    const { items, nextCursor } = await listImages(
      catalog,
      readImageQuery(accountOf(response).id, request.query),
    );
    response.json({ items: items.map((image) => imageView(image, links)), nextCursor });
  });

  router.get('/images/:id', async (request, response) => {
    const image = await findImage(catalog, accountOf(response).id, request.params.id);
    response.json(imageView(image, links));
  });

  router.get('/images/:id/history', async (request, response) => {
    const { id, history } = await findImage(catalog, accountOf(response).id, request.params.id);
    const items: HistoryEntry[] = history.map((entry) => ({ ...entry, at: entry.at.toISOString() }));
    response.json({ id, items });
  });

  router.post('/images/:id/retry', express.json({ limit: '10kb' }), async (request, response) => {
    const wish = retryRequest.safeParse(request.body ?? {});
    if (!wish.success) throw invalidInput('The body is wrong', wish.error);
    const ownerId = accountOf(response).id;
    const image = await findImage(catalog, ownerId, request.params.id);
    await retryImage({ catalog, relayHint }, image, wish.data.stage, clock.now());
    response.status(202).json(imageView(await findImage(catalog, ownerId, image.id), links));
  });

  const assetHandler =
    (name: AssetName): RequestHandler =>
    async (request, response) => {
      const image = await findImage(catalog, accountOf(response).id, request.params.id);
      const asset = findAsset(blobs, image, name);
      if (!asset) return sendPending(response, image);
      await sendAsset(
        request,
        response,
        image,
        asset,
        request.query.download === '1' ? 'attachment' : 'inline',
      );
    };
  for (const [name, path] of Object.entries(assetPaths)) {
    router.get(`/images/:id/${path}`, assetHandler(name as AssetName));
  }
  return router;
}
