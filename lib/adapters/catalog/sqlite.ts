import { systemClock, type Clock } from '@image-organizer/platform/clock';
import type { Catalog } from './catalog.ts';
import { createBatches } from './sqlite/batches.ts';
import { createChanges } from './sqlite/changes.ts';
import { createCorrections } from './sqlite/corrections.ts';
import { openDatabase } from '../sqlite/database.ts';
import { migrations } from './sqlite/migrations.ts';
import { createDeliveries } from './sqlite/deliveries.ts';
import { createFolderChanges } from './sqlite/folder-changes.ts';
import { createFolders } from './sqlite/folders.ts';
import { createImportRows } from './sqlite/import-rows.ts';
import { createImports } from './sqlite/imports.ts';
import { createLeases } from './sqlite/leases.ts';
import { createLibrary } from './sqlite/library.ts';
import { createImageList } from './sqlite/list-images.ts';
import { createOutbox } from './sqlite/outbox.ts';
import { createReprocess } from './sqlite/reprocess.ts';
import { createReview } from './sqlite/review.ts';
import { createSpending } from './sqlite/spending.ts';
import { createStages } from './sqlite/stages.ts';
import { createStats } from './sqlite/stats.ts';
import { createStuckStages } from './sqlite/stuck-stages.ts';
import { createUploads } from './sqlite/uploads.ts';
import { createWebhookDeliveries } from './sqlite/webhook-deliveries.ts';
import { createWebhooks } from './sqlite/webhooks.ts';

/**
 * A catalogue in one SQLite file, in WAL mode; several processes of one machine may have it open. A change that was
 * reported survives a power cut.
 * @param options.path of the file, made with its folder where there is none; `:memory:` for one that is not kept
 * @param options.clock dates the history of what releaseAllLeases finds
 * @throws NewerDatabaseError when a newer program made the file
 */
export function createSqliteCatalog({ path, clock = systemClock }: { path: string; clock?: Clock }): Catalog {
  const database = openDatabase(path, migrations);
  return {
    ...createUploads(database),
    ...createBatches(database),
    ...createStages(database),
    ...createStuckStages(database),
    ...createOutbox(database),
    ...createDeliveries(database),
    ...createSpending(database),
    ...createCorrections(database),
    ...createChanges(database),
    ...createLibrary(database),
    ...createImageList(database),
    ...createStats(database),
    ...createFolders(database),
    ...createFolderChanges(database),
    ...createReview(database),
    ...createReprocess(database),
    ...createImports(database),
    ...createImportRows(database),
    ...createLeases(database, clock),
    ...createWebhooks(database),
    ...createWebhookDeliveries(database),
    waitingFor: () => [],
    close: async () => database.close(),
  };
}
