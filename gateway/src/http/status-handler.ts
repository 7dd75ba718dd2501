import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { RequestHandler } from 'express';
import { findImport } from '../domain/change-import.ts';
import { ImportNotFoundError } from '../domain/import-errors.ts';
import { accountOf } from './authenticate.ts';
import { importView } from './import-view.ts';
import { batchHandler } from './library-routes.ts';
import type { Links } from './links.ts';

/** How far an import is, or else an upload: an import's id is its batch's too. */
export function statusHandler(catalog: Catalog, links: Links): RequestHandler<{ id: string }> {
  const ofBatch = batchHandler(catalog, links) as RequestHandler<{ id: string }>;
  return async (request, response, next) => {
    const record = await findImport(catalog, accountOf(response).id, request.params.id).catch(
      (error: unknown) => {
        if (error instanceof ImportNotFoundError) return undefined;
        throw error;
      },
    );
    if (record) response.json(await importView(catalog, record, links));
    else await ofBatch(request, response, next);
  };
}
