import { Router } from 'express';
import { docsFiles, docsPage, docsPolicy, startScript, swaggerUiDirectory } from '../openapi/docs-page.ts';
import { createApiDocument } from '../openapi/document.ts';

/** GET /openapi.json, and /docs to try it. Neither needs a login: they tell what anybody can read in the source. */
export function documentRoutes(): Router {
  let document: string | undefined;
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    document ??= JSON.stringify(createApiDocument()); // not at the start, which it would make slower
    response.type('json').send(document);
  });
  router.get('/docs', (_request, response) => {
    response.set('Content-Security-Policy', docsPolicy).type('html').send(docsPage);
  });
  router.get('/docs/:file', (request, response, next) => {
    const file = docsFiles.find((name) => name === request.params.file);
    if (file === undefined) return next();
    if (file === 'start.js') return void response.type('js').send(startScript);
    response.sendFile(
      file,
      { root: swaggerUiDirectory, maxAge: '1d', acceptRanges: false },
      (error: unknown) => error && !response.headersSent && next(error), // else the client went away
    );
  });
  return router;
}
