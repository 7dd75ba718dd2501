import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { InvalidCursorError } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { importQuery, importRowQuery } from '@image-organizer/contracts/http/import';
import { InvalidInputError } from '@image-organizer/platform/errors';
import { Router, type Request, type RequestHandler } from 'express';
import { changeImport, findImport, type ChangeDependencies } from '../domain/change-import.ts';
import { errorsCsv, outputCsv, sampleCsv } from '../domain/import-report.ts';
import { accountOf } from './authenticate.ts';
import { importRowView, importSummary, importView } from './import-view.ts';
import { invalidInput } from './invalid-input.ts';
import type { Links } from './links.ts';
import { sendCsv } from './send-csv.ts';

export interface ImportRouteDependencies extends ChangeDependencies {
  links: Links;
  /** Of the compressed image, for whoever has it. */
  sharedLink: (image: ImageRecord, request: Request) => string;
}

/** CSV imports, below /api; POST /api/imports is in upload-handler.ts. */
export function importRoutes(dependencies: ImportRouteDependencies): Router {
  const { catalog, links } = dependencies;
  const router = Router();
  router.get('/imports/sample.csv', sampleHandler);

  router.get('/imports', async (request, response) => {
    const query = importQuery.safeParse(request.query);
    if (!query.success) throw invalidInput('The query has wrong parameters', query.error);
    const { limit, cursor } = query.data;
    const page = await listImports(catalog, {
      ownerId: accountOf(response).id,
      limit,
      ...(cursor && { cursor }),
    });
    const items = await Promise.all(page.items.map((record) => importSummary(catalog, record, links)));
    response.json({ ...page, items });
  });

  router.get('/imports/:id', importStatusHandler(catalog, links));

  router.get('/imports/:id/rows', async (request, response) => {
    const query = importRowQuery.safeParse(request.query);
    if (!query.success) throw invalidInput('The query has wrong parameters', query.error);
    const { limit, cursor = 0, failed } = query.data;
    const { id, ownerId } = await findImport(catalog, accountOf(response).id, request.params.id);
    const rows = await catalog.listImportRows({
      ...{ ownerId, importId: id, after: Number(cursor), limit: limit + 1, failed: failed === 'true' },
    });
    const items = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? String(items.at(-1)!.row) : null;
    response.json({ items: items.map(importRowView), nextCursor });
  });

  router.get('/imports/:id/output.csv', outputHandler(dependencies));

  router.get('/imports/:id/errors.csv', async (request, response) => {
    const record = await findImport(catalog, accountOf(response).id, request.params.id);
    await sendCsv(request, response, `${stem(record.filename)}-errors.csv`, errorsCsv(catalog, record));
  });

  for (const [verb, to] of [
    ['pause', 'paused'],
    ['resume', 'running'],
    ['cancel', 'cancelled'],
  ] as const) {
    router.post(`/imports/:id/${verb}`, async (request, response) => {
      const record = await changeImport(dependencies, accountOf(response).id, request.params.id, to);
      response.json(await importView(catalog, record, links));
    });
  }
  return router;
}

export const sampleHandler: RequestHandler = (request, response) =>
  sendCsv(request, response, 'sample.csv', [sampleCsv]);

export const importStatusHandler =
  (catalog: Catalog, links: Links): RequestHandler<{ id: string }> =>
  async (request, response) => {
    const record = await findImport(catalog, accountOf(response).id, request.params.id);
    response.json(await importView(catalog, record, links));
  };

export const outputHandler =
  ({ catalog, sharedLink }: ImportRouteDependencies): RequestHandler<{ id: string }> =>
  async (request, response) => {
    const record = await findImport(catalog, accountOf(response).id, request.params.id);
    const csv = outputCsv(catalog, record, (image) => sharedLink(image, request as Request));
    await sendCsv(request as Request, response, `${stem(record.filename)}-output.csv`, csv);
  };

const stem = (filename: string): string => filename.replace(/(?<=.)\.csv$/i, '');

async function listImports(catalog: Catalog, query: Parameters<Catalog['listImports']>[0]) {
  try {
    return await catalog.listImports(query);
  } catch (error) {
    if (!(error instanceof InvalidCursorError)) throw error;
    const detail = 'is no cursor of this list: begin again without one';
    throw new InvalidInputError(`The query has wrong parameters: cursor ${detail}.`, [
      { field: 'cursor', detail },
    ]);
  }
}
