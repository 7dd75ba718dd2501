import { setTimeout as sleep } from 'node:timers/promises';
import { MongoServerError, type Db, type IndexDescription } from 'mongodb';

type NamedIndex = IndexDescription & { name: string };
type Step = Record<string, NamedIndex[]>;

const index = (
  name: string,
  key: Record<string, 1>,
  options: Partial<IndexDescription> = {},
): NamedIndex => ({
  name,
  key,
  ...options,
});
const unique = (name: string, key: Record<string, 1>, partialFilterExpression?: object): NamedIndex =>
  index(name, key, { unique: true, ...(partialFilterExpression ? { partialFilterExpression } : {}) });

const living = { partialFilterExpression: { deletedAt: null } };

/** Some text, in words that MongoDB 5 allows for a partial index and finds again in a query for one text. */
const someText = { $gt: '' };

/** As `someText`, some date. */
export const someDate = { $gt: new Date(0) };

const inTrash = { partialFilterExpression: { deletedAt: someDate } };

/** The indexes, step by step: appended to, never edited. The document `catalog` of `schema` says how many were made. */
export const migrations: readonly Step[] = [
  {
    images: [
      unique('images_by_idempotency_key', { ownerId: 1, idempotencyKey: 1 }, { idempotencyKey: someText }),
      unique(
        'images_by_place',
        { ownerId: 1, 'placement.folder': 1, placedName: 1 },
        { placedName: someText, deletedAt: null },
      ),
      index('images_by_content', { ownerId: 1, sha256: 1, uploadedAt: 1, _id: 1 }, living),
      index('images_by_upload', { ownerId: 1, uploadedAt: 1, _id: 1 }, living),
      index('images_by_name', { ownerId: 1, sortName: 1, _id: 1 }, living),
      index('images_by_size', { ownerId: 1, size: 1, _id: 1 }, living),
      index('images_by_status', { ownerId: 1, status: 1, uploadedAt: 1, _id: 1 }, living),
      index('images_by_folder', { ownerId: 1, 'placement.folder': 1, uploadedAt: 1, _id: 1 }, living),
      index('images_by_tag', { ownerId: 1, tags: 1, uploadedAt: 1, _id: 1 }, living),
      index('images_by_word', { ownerId: 1, words: 1 }, living),
      index('images_by_progress', { ownerId: 1, status: 1, stage: 1, size: 1 }, living),
      index('images_by_decider', { ownerId: 1, 'decision.model': 1, 'decision.usage.calls': 1 }, living),
      index('images_by_batch', { batchId: 1, deletedAt: 1, status: 1, uploadedAt: 1 }),
      index(
        'images_at_work',
        { stageStatus: 1, stageSince: 1 },
        { partialFilterExpression: { stageStatus: someText, deletedAt: null } },
      ),
      index(
        'images_outbox_by_age',
        { 'outbox.createdAt': 1 },
        { partialFilterExpression: { 'outbox.createdAt': { $exists: true } } },
      ),
      index(
        'images_outbox_by_id',
        { 'outbox.id': 1 },
        { partialFilterExpression: { 'outbox.id': { $exists: true } } },
      ),
    ],
    batches: [
      unique('batches_by_idempotency_key', { ownerId: 1, idempotencyKey: 1 }, { idempotencyKey: someText }),
      index('batches_by_status', { status: 1, expiresAt: 1 }),
      index('batches_without_email', { status: 1, notify: 1, emailSettled: 1, touchedAt: 1 }),
      index(
        'batches_outbox_by_age',
        { 'outbox.createdAt': 1 },
        { partialFilterExpression: { 'outbox.createdAt': { $exists: true } } },
      ),
      index(
        'batches_outbox_by_id',
        { 'outbox.id': 1 },
        { partialFilterExpression: { 'outbox.id': { $exists: true } } },
      ),
    ],
    folders: [unique('folders_by_path', { ownerId: 1, path: 1 })],
    uploads: [index('uploads_by_expiry', { expiresAt: 1 })],
    deliveries: [index('deliveries_by_status', { status: 1 })],
  },
  { spending: [index('spending_by_expiry', { expiresAt: 1 })] },
  {
    images: [
      index('images_in_trash', { ownerId: 1, deletedAt: 1, _id: 1 }, inTrash),
      index('images_by_deletion', { deletedAt: 1 }, inTrash),
    ],
  },
  {
    webhooks: [unique('webhooks_by_slot', { ownerId: 1, slot: 1 })],
    webhookDeliveries: [
      index('webhook_deliveries_due', { status: 1, dueAt: 1 }),
      index('webhook_deliveries_of', { ownerId: 1, endpointId: 1, createdAt: 1 }),
      index(
        'webhook_deliveries_settled',
        { settledAt: 1 },
        { partialFilterExpression: { settledAt: someDate } },
      ),
    ],
  },
  {
    images: [
      index(
        'images_for_review',
        { ownerId: 1, 'placement.needsReview': 1, uploadedAt: 1, _id: 1 },
        { partialFilterExpression: { 'placement.needsReview': true, deletedAt: null } },
      ),
      index(
        'images_by_correction',
        { ownerId: 1, correctedAt: 1 },
        { partialFilterExpression: { correctedAt: someDate, deletedAt: null } },
      ),
      index('images_by_status_and_id', { ownerId: 1, status: 1, _id: 1 }, living),
    ],
  },
  {
    imports: [
      index('imports_by_owner', { ownerId: 1, createdAt: 1, _id: 1 }),
      index('imports_by_status', { status: 1, completedAt: 1, claimedAt: 1, createdAt: 1 }),
      index(
        'imports_outbox_by_age',
        { 'outbox.createdAt': 1 },
        { partialFilterExpression: { 'outbox.createdAt': { $exists: true } } },
      ),
      index(
        'imports_outbox_by_id',
        { 'outbox.id': 1 },
        { partialFilterExpression: { 'outbox.id': { $exists: true } } },
      ),
    ],
    importRows: [
      index('import_rows_by_status', { importId: 1, status: 1, dueAt: 1, row: 1 }),
      index(
        'import_rows_with_error',
        { importId: 1, row: 1 },
        { partialFilterExpression: { hasError: true } },
      ),
    ],
  },
  {
    images: [index('images_by_change', { ownerId: 1, changedAt: 1 })],
    batches: [index('batches_by_change', { ownerId: 1, changedAt: 1 })],
  },
  { tallies: [index('tallies_by_recount', { recountAt: 1 })] },
];

/** The database was made by a newer version of the program. */
export class NewerSchemaError extends Error {
  override name = 'NewerSchemaError';
}

/** Documents that should differ do not: a unique index cannot be made. */
export class DuplicateDocumentsError extends Error {
  override name = 'DuplicateDocumentsError';
}

/**
 * Brings the indexes up to date. Several processes may do it at once: making an index that is there changes nothing.
 * @throws NewerSchemaError
 * @throws DuplicateDocumentsError naming some of the documents
 */
export async function migrate(database: Db): Promise<void> {
  const schema = database.collection<{ _id: string; version: number }>('schema');
  const version = (await schema.findOne({ _id: 'catalog' }))?.version ?? 0;
  if (version > migrations.length) {
    throw new NewerSchemaError(
      `database ${database.databaseName} has schema version ${version}; this program knows ${migrations.length}: run the newer program that made it`,
    );
  }
  if (version === migrations.length) return;
  for (const step of migrations.slice(version)) {
    for (const [collection, indexes] of Object.entries(step)) {
      for (const each of indexes) await createIndex(database, collection, each);
    }
  }
  await despiteRaces(() =>
    schema.updateOne({ _id: 'catalog' }, { $max: { version: migrations.length } }, { upsert: true }),
  );
}

async function createIndex(database: Db, collection: string, { key, ...options }: NamedIndex): Promise<void> {
  try {
    await despiteRaces(() => database.collection(collection).createIndex(key as Record<string, 1>, options));
  } catch (error) {
    // FerretDB answers with code 1, which may be anything: the documents themselves tell.
    const duplicates = options.unique ? await findDuplicates(database, collection, { key, ...options }) : [];
    if (duplicates.length === 0) throw error;
    throw new DuplicateDocumentsError(
      `index ${options.name} cannot be made: these documents of ${collection} are alike in ${[...Object.keys(key)].join(', ')}: ${duplicates.join('; ')}`,
      { cause: error },
    );
  }
}

/** Of up to three groups of documents that the index would refuse, their ids. */
async function findDuplicates(
  database: Db,
  collection: string,
  { key, partialFilterExpression }: NamedIndex,
) {
  const fields = Object.keys(key);
  const groups = await database
    .collection(collection)
    .aggregate<{ ids: unknown[] }>([
      { $match: partialFilterExpression ?? {} },
      {
        $group: {
          _id: Object.fromEntries(fields.map((field, position) => [`k${position}`, `$${field}`])),
          ids: { $push: '$_id' },
          count: { $sum: 1 },
        },
      },
      { $match: { count: { $gt: 1 } } },
      { $limit: 3 },
    ])
    .toArray();
  return groups.map(({ ids }) => ids.slice(0, 5).map(String).join(', '));
}

/** Whoever makes the same collection, index or document at the same moment may be told to try again. */
async function despiteRaces<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MongoServerError) || attempt === 5) throw error;
      await sleep(50 * attempt * (0.5 + Math.random()));
    }
  }
}
