import { setTimeout as sleep } from 'node:timers/promises';
import { MongoServerError, type Collection, type Db } from 'mongodb';
import {
  describeMongoError,
  isNetworkFailure,
  MongoUnavailableError,
  type MongoConnection,
} from '../../mongo/connection.ts';
import type {
  BatchDocument,
  DeliveryDocument,
  FolderDocument,
  ImageDocument,
  LeaseDocument,
  SpendingDocument,
  StampDocument,
  UploadDocument,
  WebhookDeliveryDocument,
  WebhookDocument,
} from './documents.ts';
import type { ImportDocument, ImportRowDocument } from './import-documents.ts';
import { migrate } from './migrations.ts';
import { createTallies, type Tallies } from './tallies.ts';
import type { TallyDocument } from './tally-counts.ts';

/** No failure is tried again later than this after the call began. */
const patienceMs = 6_000;
/** A server that answers with a deadlock is there: many want one thing at once, and each round is one fewer. */
const deadlockPatienceMs = 20_000;

export interface Collections {
  images: Collection<ImageDocument>;
  folders: Collection<FolderDocument>;
  batches: Collection<BatchDocument>;
  deliveries: Collection<DeliveryDocument>;
  uploads: Collection<UploadDocument>;
  leases: Collection<LeaseDocument>;
  spending: Collection<SpendingDocument>;
  tallies: Collection<TallyDocument>;
  imports: Collection<ImportDocument>;
  importRows: Collection<ImportRowDocument>;
  stamps: Collection<StampDocument>;
  webhooks: Collection<WebhookDocument>;
  webhookDeliveries: Collection<WebhookDeliveryDocument>;
}

/** The database as the catalogue's operations use it. */
export interface Store {
  /**
   * Does the work, again while the server cannot be reached or is restarting. The connection may be lost after a write
   * was sent: it is not known then whether it was done. So work that is repeated must change nothing more (an upsert,
   * a deletion, a `$pull`) or read back what the first try did, as `changeDocument` does.
   * @param work its second argument: whether an earlier try may have been done unseen
   * @throws MongoUnavailableError when it did not come right in about 6 s, 20 s where a server hangs
   */
  run<Result>(work: (collections: Collections, isRetry: boolean) => Promise<Result>): Promise<Result>;
  tallies: Tallies;
}

export function createStore(connection: MongoConnection): Store {
  let migrated: Promise<void> | undefined;

  /** Once per process; again when it failed. */
  async function migrateOnce(database: Db): Promise<void> {
    migrated ??= migrate(database);
    try {
      await migrated;
    } catch (error) {
      migrated = undefined;
      throw error;
    }
  }

  const store: Pick<Store, 'run'> = {
    async run(work) {
      const began = performance.now();
      for (let attempt = 0; ; attempt++) {
        const database = await connection.database();
        try {
          await migrateOnce(database);
          return await work(collectionsOf(database), attempt > 0);
        } catch (error) {
          if (!isPassing(error)) throw error;
          const patience = isDeadlock(error) ? deadlockPatienceMs : patienceMs;
          if (performance.now() > began + patience) throw unavailable(connection, error);
          await sleep(Math.min(1_000, 100 * 2 ** attempt) * Math.random()); // full jitter: they must not meet again
        }
      }
    },
  };
  return { ...store, tallies: createTallies(store.run) };
}

const collectionsOf = (database: Db): Collections => ({
  images: database.collection('images', { ignoreUndefined: true }),
  folders: database.collection('folders', { ignoreUndefined: true }),
  batches: database.collection('batches', { ignoreUndefined: true }),
  deliveries: database.collection('deliveries', { ignoreUndefined: true }),
  uploads: database.collection('uploads', { ignoreUndefined: true }),
  leases: database.collection('leases', { ignoreUndefined: true }),
  spending: database.collection('spending', { ignoreUndefined: true }),
  tallies: database.collection('tallies', { ignoreUndefined: true }),
  imports: database.collection('imports', { ignoreUndefined: true }),
  importRows: database.collection('importRows', { ignoreUndefined: true }),
  stamps: database.collection('stamps', { ignoreUndefined: true }),
  webhooks: database.collection('webhooks', { ignoreUndefined: true }),
  webhookDeliveries: database.collection('webhookDeliveries', { ignoreUndefined: true }),
});

const unavailable = (connection: MongoConnection, cause: unknown): MongoUnavailableError =>
  new MongoUnavailableError(connection.waitingFor()[0] ?? `MongoDB: ${describeMongoError(cause)}`, { cause });

/** FerretDB's. */
const deadlockCode = 16_908_292;
const isDeadlock = (error: unknown) => error instanceof MongoServerError && error.code === deadlockCode;

/** Codes of a server that stops, starts, elects or was too slow; 1 is FerretDB's. */
const passingCodes = new Set<unknown>([
  1,
  64,
  91,
  112,
  189,
  262,
  10_107,
  11_600,
  11_602,
  13_435,
  13_436,
  deadlockCode,
]);

/** Whether the same work may succeed soon. */
export const isPassing = (error: unknown): boolean =>
  isNetworkFailure(error) || (error instanceof MongoServerError && passingCodes.has(error.code));

/** Whether the unique index refused a write, and which one: FerretDB says it in the message alone. */
export const isDuplicate = (error: unknown, index?: string): boolean =>
  error instanceof MongoServerError && error.code === 11_000 && (!index || error.message.includes(index));

/** An upsert that inserts or changes nothing: who loses the race for it has what he wanted. */
export async function insertIfNew(upsert: () => Promise<unknown>): Promise<void> {
  try {
    await upsert();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
