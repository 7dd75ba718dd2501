import { folderChange, folderMerge, folderQuery } from '@image-organizer/contracts/http/folder';
import express, { Router } from 'express';
import type { CorrectionDependencies } from '../domain/correct-image.ts';
import { changeFolder, mergeFolders, removeFolder } from '../domain/folder-change.ts';
import { accountOf } from './authenticate.ts';
import { folderView } from './folder-view.ts';
import { bodyOf, queryOf } from './read-body.ts';

const json = express.json({ limit: '10kb' });

/** What a person does with folders, below /api. */
export function folderRoutes(dependencies: CorrectionDependencies): Router {
  const router = Router();

  router.patch('/folders', json, async (request, response) => {
    const { path } = queryOf(request, folderQuery);
    const change = bodyOf(request, folderChange);
    response.json(folderView(await changeFolder(dependencies, accountOf(response), path, change)));
  });

  router.post('/folders/merge', json, async (request, response) => {
    const folder = await mergeFolders(dependencies, accountOf(response), bodyOf(request, folderMerge));
    response.json(folderView(folder));
  });

  router.delete('/folders', async (request, response) => {
    await removeFolder(dependencies, accountOf(response), queryOf(request, folderQuery).path);
    response.status(204).end();
  });
  return router;
}
