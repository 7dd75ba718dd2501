import { cleanFolderPath } from '@image-organizer/contracts/folder-path';
import { reprocessImageRequest, reprocessRequest } from '@image-organizer/contracts/http/reprocess';
import express, { Router } from 'express';
import type { CorrectionDependencies } from '../domain/correct-image.ts';
import { findImage } from '../domain/find-image.ts';
import { planReprocess, reprocessImage, reprocessMany } from '../domain/reprocess-images.ts';
import { accountOf } from './authenticate.ts';
import { imageView } from './image-view.ts';
import type { Links } from './links.ts';
import { bodyOf } from './read-body.ts';

const json = express.json({ limit: '10kb' });

/** Doing again with newer settings what is done, below /api. */
export function reprocessRoutes(dependencies: CorrectionDependencies & { links: Links }): Router {
  const { catalog, links } = dependencies;
  const router = Router();

  router.post('/images/:id/reprocess', json, async (request, response) => {
    const { stages } = bodyOf(request, reprocessImageRequest);
    const account = accountOf(response);
    const image = await findImage(catalog, account.id, request.params.id);
    await reprocessImage(dependencies, account, image, stages);
    response.status(202).json(imageView(await findImage(catalog, account.id, image.id), links));
  });

  router.post('/reprocess', json, async (request, response) => {
    const { dryRun, filter: named, stages } = bodyOf(request, reprocessRequest);
    const account = accountOf(response);
    const folder = named.folder === undefined ? {} : { folder: cleanFolderPath(named.folder) };
    const selection = { filter: { ...named, ...folder }, stages };
    if (dryRun) response.json(await planReprocess(dependencies, account.id, selection));
    else response.status(202).json({ queued: await reprocessMany(dependencies, account, selection) });
  });
  return router;
}
