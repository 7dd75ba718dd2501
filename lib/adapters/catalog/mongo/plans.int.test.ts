import { randomUUID } from 'node:crypto';
import { silentLog } from '@image-organizer/platform/log';
import { newImage, outboxEntry } from '@image-organizer/testing/builders';
import { recordCommands } from '@image-organizer/testing/mongo-commands';
import type { CommandStartedEvent } from 'mongodb';
import { connectMongo, type MongoConnection } from '../../mongo/connection.ts';
import type { Catalog, ImageListQuery } from '../catalog.ts';
import { createMongoCatalog } from '../mongo.ts';

const server = process.env['MONGO_URL'];
const ownerId = 'ada';

(server ? describe : describe.skip)('how a server reads for a list', () => {
  let connection: MongoConnection;
  let catalog: Catalog;
  let commands: CommandStartedEvent[];

  beforeAll(async () => {
    const url = new URL(server!);
    url.pathname = `/plans_${randomUUID().slice(0, 8)}`;
    url.searchParams.set('monitorCommands', 'true');
    connection = connectMongo({ url: url.href, log: silentLog() });
    catalog = createMongoCatalog({ connection });
    await catalog.acceptImage(newImage({ ownerId }), outboxEntry());
    commands = await recordCommands(connection);
  });
  afterAll(async () => {
    await (await connection.database()).dropDatabase();
    await catalog.close();
  });

  /** The indexes that the server says it reads the images by, in MongoDB's words or FerretDB's. */
  async function indexesOf(query: Partial<ImageListQuery>): Promise<string[]> {
    commands.length = 0;
    await catalog.listImages({ ownerId, sort: '-uploadedAt', limit: 20, ...query });
    const asked = commands.filter(({ command }) => command['find'] === 'images');
    const database = await connection.database();
    const plans = await Promise.all(
      asked.map(({ command: { lsid: _lsid, $db: _db, $clusterTime: _time, ...find } }) =>
        database.command({ explain: find, verbosity: 'queryPlanner' }),
      ),
    );
    return [
      ...JSON.stringify(plans).matchAll(/"Index Name":"([^"]+)"|"stage":"IXSCAN".*?"indexName":"([^"]+)"/g),
    ].map((match) => (match[1] ?? match[2])!);
  }

  it.each<[string, Partial<ImageListQuery>, string]>([
    ['the newest', {}, 'images_by_upload'],
    ['those of a folder', { folder: 'A' }, 'images_by_folder'],
    ['those with a tag', { tag: 'x' }, 'images_by_tag'],
    ['those of a status', { status: 'queued' }, 'images_by_status'],
    ['those with a word', { q: 'receipt' }, 'images_by_word'],
  ])('When a page is listed (%s), then its own index serves it.', async (_what, query, index) => {
    expect((await indexesOf(query))[0]).toBe(index);
  });

  it('When a list by date is asked for, then the server gets the days that the page lies in, however many there are.', async () => {
    const uploads = Array.from({ length: 30 }, (_, day) => new Date(Date.UTC(2026, 0, day + 1)));
    for (const uploadedAt of uploads)
      await catalog.acceptImage(newImage({ ownerId: 'bob', uploadedAt }), outboxEntry());
    commands.length = 0;
    const { items } = await catalog.listImages({ ownerId: 'bob', sort: '-uploadedAt', limit: 3 });
    expect(items.map(({ uploadedAt }) => uploadedAt)).toEqual(uploads.toReversed().slice(0, 3));
    const [find] = commands.filter(({ command }) => command['find'] === 'images');
    expect(JSON.stringify(find!.command['filter'])).toContain(
      '{"uploadedAt":{"$gte":"2026-01-26T00:00:00.000Z"}}',
    );
  });
});
