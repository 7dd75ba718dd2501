import {
  acceptRequest,
  mostCounted,
  reviewQuery,
  type ReviewList,
} from '@image-organizer/contracts/http/review';
import express, { Router } from 'express';
import type { CorrectionDependencies } from '../domain/correct-image.ts';
import { imageIdOf } from '../domain/find-image.ts';
import { acceptPlace, reviewOf } from '../domain/review-image.ts';
import { accountOf } from './authenticate.ts';
import { imageView } from './image-view.ts';
import type { Links } from './links.ts';
import { ofThisList } from './list-images.ts';
import { bodyOf, queryOf } from './read-body.ts';

const json = express.json({ limit: '10kb' });

/** Images that wait for a person, below /api. */
export function reviewRoutes(dependencies: CorrectionDependencies & { links: Links }): Router {
  const { catalog, links } = dependencies;
  const router = Router();

  router.get('/review', async (request, response) => {
    const { limit, cursor } = queryOf(request, reviewQuery);
    const ownerId = accountOf(response).id;
    const page = await ofThisList(() => catalog.listReview({ ownerId, limit, ...(cursor && { cursor }) }));
    const counted = await catalog.countReview(ownerId, mostCounted + 1);
    const folders = await catalog.listFolders(ownerId);
    const list: ReviewList = {
      items: page.items.map((image) => ({ ...imageView(image, links), review: reviewOf(image, folders) })),
      nextCursor: page.nextCursor,
      total: Math.min(counted, mostCounted),
      more: counted > mostCounted,
    };
    response.json(list);
  });

  router.post('/review/:id/accept', json, async (request, response) => {
    const id = imageIdOf(request.params.id);
    const { folder } = bodyOf(request, acceptRequest);
    response.json(imageView(await acceptPlace(dependencies, accountOf(response), id, folder), links));
  });
  return router;
}
