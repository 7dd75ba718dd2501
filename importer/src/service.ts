import { randomUUID } from 'node:crypto';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { createGuardedFetch } from '@image-organizer/adapters/http-client/guarded-fetch';
import { queues } from '@image-organizer/contracts/topology';
import { consumeEvents } from '@image-organizer/pipeline/consume-events';
import { defaultRetryPolicy } from '@image-organizer/pipeline/retry-policy';
import type { StageDependencies } from '@image-organizer/pipeline/run-stage';
import { combineServices, type Service } from '@image-organizer/platform/service';
import type { ImporterConfig } from './config.ts';
import { createFetchImage } from './domain/fetch-image.ts';
import { createFinishImport } from './domain/finish-import.ts';
import { createImportRow } from './domain/import-row.ts';
import { createRowLoop } from './domain/row-loop.ts';
import { createImportReport } from './import-report.ts';

export interface ImporterDependencies extends StageDependencies {
  blobs: BlobStore;
  config: ImporterConfig;
}

/** Fetches the URLs of CSV imports and makes each an image of the import's batch. */
export function createImporterService(dependencies: ImporterDependencies): Service {
  const { config } = dependencies;
  const common = {
    ...dependencies,
    ...config,
    newId: randomUUID,
    leaseMs: dependencies.leaseMs ?? 30_000,
    policy: dependencies.policy ?? defaultRetryPolicy,
    report: createImportReport(dependencies),
  };
  const http = createGuardedFetch(config.fetch);
  const importRow = createImportRow({ ...common, fetchImage: createFetchImage({ ...common, http }) });
  const loop = createRowLoop({ ...common, importRow, finishImport: createFinishImport(common) });
  // The rows are in the catalogue: what an event says is only that it is worth looking now.
  const hints = consumeEvents(queues.importerImportRequested, { concurrency: 1 }, dependencies, async () => {
    loop.look();
    return { kind: 'ack' };
  });
  const connections: Service = { name: 'http', start: async () => {}, stop: () => http.close() };
  return combineServices('importer', [connections, loop, hints]);
}
