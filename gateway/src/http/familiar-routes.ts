import { Router, type RequestHandler } from 'express';

export interface FamiliarHandlers {
  authenticated: RequestHandler;
  upload: RequestHandler;
  download: RequestHandler[];
  batch: RequestHandler;
}

/** Commands that people have in their fingers from five earlier programs, as the calls below /api that they are. */
export function familiarRoutes({ authenticated, upload, download, batch }: FamiliarHandlers): Router {
  const router = Router();
  router.post('/upload', authenticated, upload);
  router.get('/download', ...download);
  router.get('/status/:id', authenticated, batch);
  router.get('/check-status/:id', authenticated, batch);
  return router;
}
