import { Router, type RequestHandler } from 'express';

export interface FamiliarHandlers {
  authenticated: RequestHandler;
  upload: RequestHandler;
  importCsv: RequestHandler;
  download: RequestHandler[];
  /** Of a batch or an import. */
  status: RequestHandler<{ id: string }>;
  sampleCsv: RequestHandler;
  outputCsv: RequestHandler<{ id: string }>;
}

/** Commands that people have in their fingers from five earlier programs, as the calls below /api that they are. */
export function familiarRoutes(handlers: FamiliarHandlers): Router {
  const { authenticated, upload, importCsv, download, status, sampleCsv, outputCsv } = handlers;
  const router = Router();
  router.post('/upload', authenticated, upload);
  router.post('/upload-csv', authenticated, importCsv);
  router.get('/download', ...download);
  router.get('/status/:id', authenticated, status);
  router.get('/check-status/:id', authenticated, status);
  router.get('/download-input-csv', authenticated, sampleCsv);
  router.get('/download-output-csv/:id', authenticated, outputCsv);
  return router;
}
