import { systemClock, type Clock } from '@image-organizer/platform/clock';
import type { MongoConnection } from '../mongo/connection.ts';
import { within } from '../within.ts';
import type { Catalog } from './catalog.ts';
import { createBatches } from './mongo/batches.ts';
import { createChanges } from './mongo/changes.ts';
import { createIntentCloser } from './mongo/close-intents.ts';
import { createCorrections } from './mongo/corrections.ts';
import { createDeliveries } from './mongo/deliveries.ts';
import { createFolderChanges } from './mongo/folder-changes.ts';
import { createFolders } from './mongo/folders.ts';
import { createImportRows } from './mongo/import-rows.ts';
import { createImports } from './mongo/imports.ts';
import { createLeases } from './mongo/leases.ts';
import { createLibrary } from './mongo/library.ts';
import { createImageList } from './mongo/list-images.ts';
import { createOutbox } from './mongo/outbox.ts';
import { createReprocess } from './mongo/reprocess.ts';
import { createReview } from './mongo/review.ts';
import { createSpending } from './mongo/spending.ts';
import { createStages } from './mongo/stages.ts';
import { createStats } from './mongo/stats.ts';
import { createStore } from './mongo/store.ts';
import { createStuckStages } from './mongo/stuck-stages.ts';
import { createUploads } from './mongo/uploads.ts';
import { createWebhookDeliveries } from './mongo/webhook-deliveries.ts';
import { createWebhooks } from './mongo/webhooks.ts';

/** The server may be away. */
const closingMs = 1_000;

/**
 * A catalogue on MongoDB 5 to 8, or what speaks its protocol; any number of processes may share it. Every change and its
 * event are one write to one document, acknowledged by a majority: no transactions. Operations wait about 6 s for a
 * server that is away and then reject with MongoUnavailableError; repeating one is safe.
 * @param options.connection shared with the blob store: closing the catalogue closes it
 * @param options.clock dates the history of what releaseAllLeases finds
 */
export function createMongoCatalog({
  connection,
  clock = systemClock,
}: {
  connection: MongoConnection;
  clock?: Clock;
}): Catalog {
  const store = createStore(connection);
  const intents = createIntentCloser(store);
  return {
    ...createUploads(store, intents),
    ...createBatches(store),
    ...createStages(store),
    ...createStuckStages(store),
    ...createOutbox(store),
    ...createDeliveries(store),
    ...createSpending(store),
    ...createCorrections(store),
    ...createChanges(store),
    ...createLibrary(store),
    ...createImageList(store),
    ...createStats(store),
    ...createFolders(store),
    ...createImports(store),
    ...createImportRows(store),
    ...createFolderChanges(store),
    ...createReview(store),
    ...createReprocess(store),
    ...createLeases(store, clock),
    ...createWebhooks(store),
    ...createWebhookDeliveries(store),
    waitingFor: connection.waitingFor,
    async close() {
      await within(Promise.all([intents.closed(), store.tallies.flushed()]), closingMs).catch(
        () => undefined,
      );
      await connection.close();
    },
  };
}
