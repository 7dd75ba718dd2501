import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Filter } from 'mongodb';
import { silentLog } from '@image-organizer/platform/log';
import { newBatch, newImage, outboxEntry } from '@image-organizer/testing/builders';
import { describeCatalog } from '@image-organizer/testing/describe-catalog';
import { connectMongo } from '../mongo/connection.ts';
import type { Catalog, ImageListQuery } from './catalog.ts';
import { createMongoCatalog } from './mongo.ts';
import type { ImageDocument } from './mongo/documents.ts';
import { filterOf, orderOf } from './mongo/image-filter.ts';
import { reprocessable } from './mongo/reprocess.ts';
import { waiting } from './mongo/review.ts';

const server = process.env.MONGO_URL;
/** The tool that starts and kills the server, where there is one. */
const tool = process.env.SERVERS_TOOL;
const describeOnServer = server ? describe : describe.skip;
const describeKills = server && tool ? describe : describe.skip;

/** The server's URL with a database of the test's own. */
function databaseUrl(name = `catalog_${randomUUID().slice(0, 8)}`): string {
  const url = new URL(server!);
  url.pathname = `/${name}`;
  return url.href;
}

function openCatalog(url = databaseUrl()) {
  const connection = connectMongo({ url, log: silentLog() });
  const catalog = createMongoCatalog({ connection });
  const dispose = async () => {
    await (await connection.database()).dropDatabase();
    await catalog.close();
  };
  return { url, connection, catalog, dispose };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}

const times = <Value>(count: number, make: (n: number) => Value): Value[] =>
  Array.from({ length: count }, (_, n) => make(n));

const claimOf = (catalog: Catalog, { id, ownerId }: { id: string; ownerId: string }) =>
  catalog.claimStage({
    ...{ imageId: id, ownerId, stage: 'extract', owner: 'w' },
    ...{ now: new Date(), leaseMs: 60_000 },
  });

describeOnServer('on a server', () => {
  describeCatalog('mongo', async () => {
    const { connection, catalog, dispose } = openCatalog();
    return {
      catalog,
      async markDeleted(id) {
        const images = (await connection.database()).collection<{ _id: string }>('images');
        await images.updateOne({ _id: id }, { $set: { deletedAt: new Date() }, $inc: { rev: 1 } });
        await (await connection.database()).collection('tallies').deleteMany({}); // counted anew when asked for
      },
      dispose,
    };
  });

  it('When five catalogues begin on one empty database at once, then all work and see the same.', async () => {
    const url = databaseUrl();
    const opened = times(5, () => openCatalog(url));
    const { image } = await opened[0]!.catalog.acceptImage(newImage(), outboxEntry());
    const seen = await Promise.all(
      opened.map(async ({ catalog }) => {
        await catalog.openBatch(newBatch());
        return catalog.getImage(image.ownerId, image.id);
      }),
    );
    expect(seen).toEqual(times(5, () => image));
    const outcomes = await Promise.all(opened.map(({ catalog }) => claimOf(catalog, image)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['claimed', ...times(4, () => 'leased')]);
    await Promise.all(opened.slice(1).map(({ catalog }) => catalog.close()));
    await opened[0]!.dispose();
  });

  it('When documents are alike that a unique index forbids, then the error names the index and the documents.', async () => {
    const { connection, catalog, dispose } = openCatalog();
    const folders = (await connection.database()).collection<{ _id: string; ownerId: string; path: string }>(
      'folders',
    );
    await folders.insertMany(['one', 'two'].map((_id) => ({ _id, ownerId: 'ada', path: 'A' })));
    await expect(catalog.listFolders('ada')).rejects.toThrow(
      /folders_by_path.*ownerId, path.*(one, two|two, one)/,
    );
    await dispose();
  });

  it('When a newer program made the database, then it is refused.', async () => {
    const { connection, catalog, dispose } = openCatalog();
    const schema = (await connection.database()).collection<{ _id: string; version: number }>('schema');
    await schema.insertOne({ _id: 'catalog', version: 999 });
    await expect(catalog.stats('ada')).rejects.toThrow(/schema version 999.*newer program/);
    await dispose();
  });

  it('When people and workers ask for something, then an index serves it.', async () => {
    const { connection, catalog, dispose } = openCatalog();
    await catalog.acceptImage(newImage(), outboxEntry());
    const images = (await connection.database()).collection<ImageDocument>('images');
    const list: [string, Partial<ImageListQuery>][] = [
      ['folder', { folder: 'A' }],
      ['status', { status: 'queued' }],
      ['batch', { batchId: 'b' }],
      ['tag', { tag: 't' }],
      ['word', { q: 'receipt' }],
      ['upload', {}],
      ['trash', { trashed: true, sort: '-deletedAt' }],
    ];
    for (const [name, filter] of list) {
      const query: ImageListQuery = { ownerId: 'ada', sort: '-uploadedAt', limit: 50, ...filter };
      const plan = await images
        .find(filterOf(query), { sort: orderOf(query) })
        .limit(50)
        .explain();
      expect({ name, index: indexesIn(plan) }).toEqual({
        name,
        index: expect.arrayContaining([expect.any(String)]),
      });
    }
    const others = [
      { _id: 'x', rev: 1 },
      { stageStatus: 'running', stageSince: { $lte: new Date() }, outbox: { $size: 0 }, deletedAt: null },
      { 'outbox.createdAt': { $gt: new Date(0) } },
      { 'outbox.id': 'x' },
      { ownerId: 'ada', changedAt: { $gte: new Date() } },
      { deletedAt: { $gt: new Date(0), $lte: new Date() } },
      ...waiting('ada'),
      { ownerId: 'ada', correctedAt: { $gt: new Date(0) }, 'placement.by': 'user', deletedAt: null },
      reprocessable({ ownerId: 'ada', staleBy: { classify: { text: 'x', asksModel: false } } }),
    ];
    for (const filter of others) {
      const plan = await images.find(filter as Filter<ImageDocument>).explain();
      expect({ filter, indexes: indexesIn(plan).length > 0 }).toEqual({ filter, indexes: true });
    }
    await dispose();
  });

  it('When importers and people ask for imports, then an index serves it.', async () => {
    const { connection, catalog, dispose } = openCatalog();
    await catalog.runningImports(1);
    const database = await connection.database();
    const asked: [collection: string, filter: object, index: string][] = [
      ['imports', { ownerId: 'ada', createdAt: { $lt: new Date() } }, 'imports_by_owner'],
      ['imports', { status: 'running', completedAt: null }, 'imports_by_status'],
      ['imports', { 'outbox.createdAt': { $gt: new Date(0) } }, 'imports_outbox_by_age'],
      ['imports', { 'outbox.id': 'x' }, 'imports_outbox_by_id'],
      ['importRows', { importId: 'i', status: 'done' }, 'import_rows_by_status'],
      [
        'importRows',
        { importId: 'i', status: { $in: ['pending', 'running'] }, dueAt: { $lte: new Date() } },
        'import_rows_by_status',
      ],
      ['importRows', { importId: 'i', hasError: true, row: { $gt: 1, $lte: 9 } }, 'import_rows_with_error'],
      ['importRows', { _id: { $gt: 'i:1', $lte: 'i:9' } }, '_id_'],
    ];
    for (const [collection, filter, index] of asked) {
      const plan = await database.collection<{ _id: string }>(collection).find(filter).explain();
      expect({ filter, indexes: indexesIn(plan) }).toEqual({
        filter,
        indexes: expect.arrayContaining([expect.stringContaining(index)]),
      });
    }
    await dispose();
  });
});

/** Names of the indexes that a plan reads by, in MongoDB's words or FerretDB's; candidates do not count. */
function indexesIn(plan: unknown): string[] {
  const text = JSON.stringify(plan);
  return [...text.matchAll(/"Index Name":"([^"]+)"|"stage":"IXSCAN".*?"indexName":"([^"]+)"/g)].map(
    (match) => (match[1] ?? match[2])!,
  );
}

describe('a connection to MongoDB', () => {
  it('When nothing listens, then it waits for the server by name, and operations are refused in time.', async () => {
    const connection = connectMongo({ url: 'mongodb://ada:s3cret@127.0.0.1:1/images', log: silentLog() });
    const catalog = createMongoCatalog({ connection });
    await expect(catalog.stats('ada')).rejects.toThrow('MongoDB at 127.0.0.1:1: connection refused');
    expect(catalog.waitingFor()).toEqual(['MongoDB at 127.0.0.1:1: connection refused']);
    await catalog.close();
    await expect(catalog.stats('ada')).rejects.toThrow(/closed/);
  });

  it('When the URL is none, then the error says so without the secret.', () => {
    const connect = () => connectMongo({ url: 'mongodb//ada:s3cret@host', log: silentLog() });
    expect(connect).toThrow(/MONGO_URL is no MongoDB URL/);
    expect(connect).not.toThrow(/s3cret/);
  });
});

describeKills('a server that is killed', () => {
  const run = (verb: 'kill' | 'start') => execFileSync(tool!, [verb, 'mongo'], { stdio: 'ignore' });
  afterAll(() => run('start'));

  it('When it is down at first, then the catalogue waits for it by name and comes right when it starts.', async () => {
    run('kill');
    const { catalog, dispose } = openCatalog();
    await until(() => catalog.waitingFor().some((what) => what.includes('connection refused')));
    run('start');
    await until(() => catalog.waitingFor().length === 0);
    await catalog.acceptImage(newImage(), outboxEntry());
    await dispose();
  });

  it('When it is killed in the middle of 200 operations, then nothing acknowledged is lost and the rest can be repeated.', async () => {
    const { catalog, dispose } = openCatalog();
    const before = newImage({ idempotencyKey: 'before' });
    await catalog.acceptImage(before, outboxEntry());
    const uploads = times(200, (n) => newImage({ ownerId: before.ownerId, idempotencyKey: `key-${n}` }));
    let done = 0;
    const work = async (upload: (typeof uploads)[number]) => {
      const { image } = await catalog.acceptImage(upload, outboxEntry());
      done++;
      const claim = await claimOf(catalog, image);
      return claim.kind;
    };
    const all = Promise.allSettled(uploads.map(work));
    await until(() => done > 20);
    run('kill');
    run('start');
    const first = await all;
    for (const each of first)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ kind: 'unavailable' });
    for (const [n, each] of first.entries()) {
      if (each.status === 'fulfilled') expect(each.value).toBe('claimed');
      else expect(['claimed', 'leased']).toContain(await work(uploads[n]!));
    }
    const { items } = await catalog.listImages({ ownerId: before.ownerId, sort: 'uploadedAt', limit: 500 });
    expect(items).toHaveLength(201);
    expect(items.filter(({ stages }) => stages.extract.epoch === 1)).toHaveLength(200);
    expect(await catalog.dueOutbox(500)).toHaveLength(201);
    await dispose();
  });
});
