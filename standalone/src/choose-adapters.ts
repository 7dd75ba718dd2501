import { join } from 'node:path';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createHardLinkLibrary } from '@image-organizer/adapters/library-tree/hard-links';
import {
  combineLibraryTrees,
  noLibraryTree,
  type LibraryTree,
} from '@image-organizer/adapters/library-tree/library-tree';
import type { S3Options } from '@image-organizer/adapters/library-tree/s3';
import { createEmlMailer } from '@image-organizer/adapters/mailer/eml-files';
import type { Mailer } from '@image-organizer/adapters/mailer/mailer';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { StandaloneConfig } from './config.ts';

export interface Adapters {
  bus: MessageBus;
  catalog: Catalog;
  blobs: BlobStore;
  library: LibraryTree;
  mailer: Mailer;
  /** What each of them waits for. */
  waitingFor(): string[];
  close(): Promise<void>;
}

interface Context {
  directory: string;
  log: Log;
  metrics: Metrics;
}

/**
 * The embedded adapters; each `*_URL` that is set replaces one of them, MONGO_URL both catalogue and blob store. Drivers
 * of servers are loaded only where they are used: an embedded start does without.
 */
export async function chooseAdapters(
  { adapters, organizer }: StandaloneConfig,
  context: Context,
): Promise<Adapters> {
  const { close: closeStores, ...stores } = await chooseStores(adapters.stores, context);
  const s3 = organizer.s3 && (await createCopy(organizer.s3, stores.blobs));
  const bus = await chooseBus(adapters.bus, context);
  const mailer = await chooseMailer(adapters.mailer, context);
  const all = [bus, stores.catalog, stores.blobs, mailer];
  return {
    bus,
    ...stores,
    library: s3 ? combineLibraryTrees([stores.library, s3]) : stores.library,
    mailer,
    waitingFor: () => [...new Set(all.flatMap((adapter) => adapter.waitingFor()))],
    async close() {
      await bus.close();
      await Promise.all([stores.catalog.close(), stores.blobs.close(), mailer.close(), s3?.close()]);
      await closeStores();
    },
  };
}

type Chosen = StandaloneConfig['adapters'];

async function chooseBus(chosen: Chosen['bus'], { log, metrics }: Context): Promise<MessageBus> {
  if (chosen.kind === 'memory') return createMemoryBus({ log, metrics, retryDelaysMs: chosen.retryDelaysMs });
  const { createRabbitMqBus } = await import('@image-organizer/adapters/message-bus/rabbitmq');
  return createRabbitMqBus({ url: chosen.url, log, metrics, retryDelaysMs: chosen.retryDelaysMs });
}

async function chooseStores(chosen: Chosen['stores'], { directory, log }: Context) {
  if (chosen.kind === 'embedded') {
    const blobs = await createDiskBlobStore({ directory: join(directory, 'blobs'), log });
    return {
      catalog: createSqliteCatalog({ path: join(directory, 'catalog.db') }),
      blobs: blobs as BlobStore,
      library: createHardLinkLibrary({ directory: join(directory, 'library'), blobs }),
      close: async () => {},
    };
  }
  const { connectMongo } = await import('@image-organizer/adapters/mongo/connection');
  const { createMongoCatalog } = await import('@image-organizer/adapters/catalog/mongo');
  const { createGridFsBlobStore } = await import('@image-organizer/adapters/blob-store/gridfs');
  const connection = connectMongo({ url: chosen.url, log });
  return {
    catalog: createMongoCatalog({ connection }),
    blobs: createGridFsBlobStore({ connection }),
    library: noLibraryTree,
    close: () => connection.close(),
  };
}

/** Of the library, in S3: beside the tree on the disk, or in place of none. */
async function createCopy(options: S3Options, blobs: BlobStore) {
  const { createS3Library } = await import('@image-organizer/adapters/library-tree/s3');
  return createS3Library({ ...options, blobs });
}

async function chooseMailer(chosen: Chosen['mailer'], { directory, log }: Context): Promise<Mailer> {
  if (chosen.kind === 'eml-files') return createEmlMailer({ directory: join(directory, 'mail') });
  const { createSmtpMailer } = await import('@image-organizer/adapters/mailer/smtp');
  return createSmtpMailer({ url: chosen.url, log });
}
