import { BSON, type Db, type Document, type IndexDescription } from 'mongodb';
import type { Manifest } from './manifest.ts';
import { readPart, writePart } from './parts.ts';

type Collection = Manifest['mongo'][number];

/** So many bytes are asked for or inserted at a time; a server answers and takes up to 48 MB. */
const batchBytes = 8 * 1024 * 1024;
const mostDocuments = 1_000;
/** GridFS chunks are 255 KiB. */
const mostChunks = 32;

/**
 * The order makes a backup of running services one that can be used. A blob is written before the document that names it
 * and deleted after it: so documents first, then pointers to blobs, files and chunks. What is uploaded meanwhile has
 * blobs here that nothing names, and the sweeper deletes these after the restore; the other way round documents would
 * name blobs that are not here.
 */
const rankOf = (collection: string) =>
  ['.blobs', '.files', '.chunks'].findIndex((ending) => collection.endsWith(ending));

const ownNames = async (database: Db): Promise<string[]> =>
  (await database.listCollections({}, { nameOnly: true }).toArray())
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));

export const isEmptyMongo = async (database: Db): Promise<boolean> => (await ownNames(database)).length === 0;

export const emptyMongo = (database: Db) => database.dropDatabase();

/** Every collection as a file of BSON documents, one after the other, in the order of their ids. */
export async function backUpMongo(database: Db, directory: string): Promise<Collection[]> {
  const collections: Collection[] = [];
  for (const name of await ownNames(database)) {
    const indexes = (await database.collection(name).listIndexes().toArray()) as Collection['indexes'];
    const part = await writePart(directory, name, `mongo.${name}.bson.gz`, documentsOf(database, name));
    collections.push({ ...part, indexes: indexes.filter((index) => index.name !== '_id_') });
  }
  return collections;
}

/** Page by page: a cursor would end after half an hour. */
async function* documentsOf(database: Db, name: string): AsyncGenerator<Buffer> {
  const collection = database.collection(name);
  const limit = name.endsWith('.chunks') ? mostChunks : mostDocuments;
  for (let after: Document = {}; ;) {
    // raw: the bytes as the server has them
    const page = (await collection
      .find(after, { raw: true, sort: { _id: 1 }, limit })
      .toArray()) as unknown as Buffer[];
    yield* page;
    if (page.length < limit) return;
    const last = BSON.deserialize(page.at(-1)!, { promoteValues: false });
    after = { _id: { $gt: last['_id'] as unknown } };
  }
}

/** Into a database without this collection: the documents, then the indexes. */
export async function restoreMongo(database: Db, directory: string, part: Collection): Promise<void> {
  const collection = database.collection(part.name);
  for await (const documents of batchesOf(readPart(directory, part))) {
    await collection.insertMany(documents, { ordered: false });
  }
  for (const { key, name, ...options } of part.indexes as unknown as IndexDescription[]) {
    const { unique, partialFilterExpression, expireAfterSeconds } = options;
    await collection.createIndex(key, {
      name: name!,
      ...(unique ? { unique } : {}),
      ...(partialFilterExpression ? { partialFilterExpression } : {}),
      ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    });
  }
}

/** A BSON document begins with its own length. */
async function* batchesOf(content: AsyncIterable<Buffer>): AsyncGenerator<Document[]> {
  let rest: Buffer = Buffer.alloc(0);
  let [batch, size]: [Document[], number] = [[], 0];
  for await (const piece of content) {
    rest = rest.length ? Buffer.concat([rest, piece]) : piece;
    let start = 0;
    while (rest.length - start >= 4 && rest.length - start >= rest.readInt32LE(start)) {
      const length = rest.readInt32LE(start);
      // promoteValues: numbers keep their types
      batch.push(BSON.deserialize(rest.subarray(start, start + length), { promoteValues: false }));
      [start, size] = [start + length, size + length];
      if (size < batchBytes && batch.length < mostDocuments) continue;
      yield batch;
      [batch, size] = [[], 0];
    }
    rest = rest.subarray(start);
  }
  if (batch.length) yield batch;
}
