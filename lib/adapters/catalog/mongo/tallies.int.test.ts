import { randomUUID } from 'node:crypto';
import { silentLog } from '@image-organizer/platform/log';
import { newImage, outboxEntry } from '@image-organizer/testing/builders';
import { organized } from '@image-organizer/testing/catalog-suite/harness';
import { until } from '@image-organizer/testing/until';
import { connectMongo, type MongoConnection } from '../../mongo/connection.ts';
import type { Catalog } from '../catalog.ts';
import { createMongoCatalog } from '../mongo.ts';
import { createStore } from './store.ts';
import type { TallyDocument } from './tally-counts.ts';

const server = process.env['MONGO_URL'];
const ownerId = 'ada';
const nextDay = () => new Date(Date.now() + 25 * 3_600_000);

(server ? describe : describe.skip)('what is counted while images change', () => {
  let url: string;
  let connection: MongoConnection;
  let catalog: Catalog;

  beforeEach(() => {
    const database = new URL(server!);
    database.pathname = `/tallies_${randomUUID().slice(0, 8)}`;
    url = database.href;
    [connection, catalog] = open();
  });
  afterEach(async () => {
    await (await connection.database()).dropDatabase();
    await catalog.close();
  });

  function open(): [MongoConnection, Catalog] {
    const connection = connectMongo({ url, log: silentLog() });
    return [connection, createMongoCatalog({ connection })];
  }
  const stored = async () =>
    (await connection.database()).collection<TallyDocument>('tallies').findOne({ _id: ownerId });

  it('When another process changes images, then they are counted here soon.', async () => {
    const [, other] = open();
    expect(await catalog.usageOf(ownerId)).toEqual({ images: 0, bytes: 0 });
    await organized(other, { ownerId, size: 500 });
    await until(async () => (await catalog.stats(ownerId)).images.organized === 1);
    expect(await catalog.usageOf(ownerId)).toEqual({ images: 1, bytes: 500 });
    await other.close();
  });

  it('When an image goes through its stages, then few writes count it, and none remains to be done after closing.', async () => {
    const [, other] = open();
    await organized(other, { ownerId, size: 500 });
    await other.close();
    const document = await stored();
    expect(document).toMatchObject({
      groups: { 'organized none': { images: 1, bytes: 500 } },
      folders: { Receipts: 1 },
    });
    expect(document!.rev).toBeLessThanOrEqual(7); // its changes
  });

  it('When images were there before they were counted, then all are counted when it is asked for first.', async () => {
    await organized(catalog, { ownerId, size: 500 });
    await catalog.usageOf(ownerId);
    await (await connection.database()).collection('tallies').deleteMany({});
    const [, other] = open();
    await other.acceptImage(newImage({ ownerId, size: 7 }), outboxEntry());
    expect(await other.usageOf(ownerId)).toEqual({ images: 2, bytes: 507 });
    expect((await other.stats(ownerId)).images).toMatchObject({ total: 2, queued: 1, organized: 1 });
    await other.close();
  });

  it('When a process is killed before it counted its images, then the sweeper finds them, once.', async () => {
    const [lost, other] = open();
    await catalog.usageOf(ownerId);
    await other.acceptImage(newImage({ ownerId, size: 500 }), outboxEntry());
    await lost.close();
    await other.close();
    expect(await catalog.usageOf(ownerId)).toEqual({ images: 0, bytes: 0 });
    expect(await catalog.recountTallies(new Date(), 10)).toBe(0); // not due yet
    expect(await catalog.recountTallies(nextDay(), 10)).toBe(1);
    expect(await catalog.usageOf(ownerId)).toEqual({ images: 1, bytes: 500 });
    expect(await catalog.recountTallies(nextDay(), 10)).toBe(0);
  });

  it('When an image comes while all are counted, then that count is not taken, and it is counted once.', async () => {
    await catalog.acceptImage(newImage({ ownerId, size: 500 }), outboxEntry());
    await catalog.usageOf(ownerId);
    const [, other] = open();
    const recount = catalog.recountTallies(nextDay(), 10);
    await other.acceptImage(newImage({ ownerId, size: 7 }), outboxEntry());
    await other.usageOf(ownerId);
    expect(await recount).toBe(0);
    expect(await catalog.usageOf(ownerId)).toEqual({ images: 2, bytes: 507 });
    await other.close();
  });

  it('When a folder has dots, dollars and slashes in its name, then its images are counted.', async () => {
    const { tallies } = createStore(connection);
    await catalog.usageOf(ownerId);
    const path = 'Bills/$2.50 & more';
    const image = { ...(await organized(catalog, { ownerId: 'bob' })), stage: null };
    tallies.changed(ownerId, undefined, { ...image, placement: { ...image.placement!, folder: path } });
    await tallies.flushed();
    const folder = { ownerId, path, description: '', commonWords: [], createdBy: 'user' as const };
    await catalog.ensureFolder({ ...folder, now: new Date() });
    expect(await catalog.listFolders(ownerId)).toMatchObject([{ path, count: 1 }]);
  });
});
