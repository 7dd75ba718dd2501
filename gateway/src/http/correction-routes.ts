import { imageCorrection, moveRequest, trashQuery } from '@image-organizer/contracts/http/correction';
import express, { Router } from 'express';
import {
  correctImage,
  restoreImage,
  trashImage,
  undoPlacement,
  type CorrectionDependencies,
} from '../domain/correct-image.ts';
import { moveImages, undoBatch } from '../domain/correct-many.ts';
import { findBatch, imageIdOf } from '../domain/find-image.ts';
import { accountOf } from './authenticate.ts';
import { imageView } from './image-view.ts';
import type { Links } from './links.ts';
import { listImages } from './list-images.ts';
import { bodyOf, queryOf } from './read-body.ts';

const json = express.json({ limit: '100kb' });

/** A person's word on their images, and the trash, below /api. */
export function correctionRoutes(dependencies: CorrectionDependencies & { links: Links }): Router {
  const { catalog, links } = dependencies;
  const router = Router();

  router.patch('/images/:id', json, async (request, response) => {
    const id = imageIdOf(request.params.id);
    const image = await correctImage(dependencies, accountOf(response), id, bodyOf(request, imageCorrection));
    response.json(imageView(image, links));
  });

  router.post('/images/move', json, async (request, response) => {
    response.json(await moveImages(dependencies, accountOf(response), bodyOf(request, moveRequest)));
  });

  router.post('/images/:id/undo', async (request, response) => {
    const image = await undoPlacement(dependencies, accountOf(response), imageIdOf(request.params.id));
    response.json(imageView(image, links));
  });

  router.post('/batches/:id/undo', async (request, response) => {
    const account = accountOf(response);
    const { id } = await findBatch(catalog, account.id, request.params.id);
    response.json(await undoBatch(dependencies, account, id));
  });

  router.delete('/images/:id', async (request, response) => {
    await trashImage(dependencies, accountOf(response), imageIdOf(request.params.id));
    response.status(204).end();
  });

  router.post('/images/:id/restore', async (request, response) => {
    const image = await restoreImage(dependencies, accountOf(response), imageIdOf(request.params.id));
    response.json(imageView(image, links));
  });

  router.get('/trash', async (request, response) => {
    const { limit, cursor } = queryOf(request, trashQuery);
    const ownerId = accountOf(response).id;
    const page = await listImages(catalog, {
      ...{ ownerId, trashed: true, sort: '-deletedAt', limit },
      ...(cursor && { cursor }),
    });
    response.json({ ...page, items: page.items.map((image) => imageView(image, links)) });
  });
  return router;
}
