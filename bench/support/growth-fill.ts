import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { newImageDocument } from '@image-organizer/adapters/catalog/mongo/documents';
import { migrate } from '@image-organizer/adapters/catalog/mongo/migrations';
import { imageTable } from '@image-organizer/adapters/catalog/sqlite/images';
import { migrations } from '@image-organizer/adapters/catalog/sqlite/migrations';
import { openDatabase } from '@image-organizer/adapters/sqlite/database';
import { newImage, outboxEntry } from '@image-organizer/testing/builders';
import { MongoClient } from 'mongodb';
import { folders } from './growth-images.ts';

const chunkSize = 500;

/** Writes the rows as the adapter does, image by image, in large transactions. */
export async function fillSqlite(path: string, images: Iterable<ImageRecord>): Promise<void> {
  const database = openDatabase(path, migrations);
  database.all('PRAGMA synchronous = OFF');
  database.all('PRAGMA cache_size = -500000'); // KB: ids are random, and so are their places in the indexes
  const table = imageTable(database);
  try {
    for (const chunk of chunksOf(images))
      database.transaction(() => {
        for (const image of chunk) {
          table.insert({ ...image, caption: null, tags: [], text: null, placement: null }, null);
          table.update(image);
        }
      });
  } finally {
    database.close();
  }
}

/** Writes the adapter's documents in bulk, and makes the indexes when all are there: that is many times faster. */
export async function fillMongo(url: string, images: Iterable<ImageRecord>): Promise<void> {
  await using client = new MongoClient(url); // without the catalogue's patience: an index takes minutes
  const database = client.db();
  await database.dropDatabase(); // of a run that was ended
  const collection = database.collection<{ _id: string }>('images');
  const chunks = chunksOf(images); // one iterator that both take from
  const fill = async () => {
    for (const chunk of chunks)
      await collection.insertMany(
        chunk.map((image) => ({ ...newImageDocument(image, null, outboxEntry()), outbox: [] })),
        { ordered: false },
      );
  };
  await Promise.all([fill(), fill()]);
  await migrate(database);
}

/** The owner's folders, by the port. */
export async function addFolders(catalog: Catalog, ownerId: string): Promise<void> {
  const { uploadedAt: now } = newImage();
  const rest = {
    description: 'Made by a script.',
    commonWords: ['total', 'sum'],
    createdBy: 'auto' as const,
  };
  for (const path of folders) await catalog.ensureFolder({ ownerId, path, ...rest, now });
}

function* chunksOf<Item>(items: Iterable<Item>): Generator<Item[]> {
  let chunk: Item[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < chunkSize) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
