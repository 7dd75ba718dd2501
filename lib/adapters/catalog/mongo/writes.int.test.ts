import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoServerError, type Collection } from 'mongodb';
import { stageNames } from '@image-organizer/contracts/vocabulary';
import { silentLog } from '@image-organizer/platform/log';
import { extractResult, newBatch, newImage, outboxEntry } from '@image-organizer/testing/builders';
import { claim, completion } from '@image-organizer/testing/catalog-suite/harness';
import { countByName, recordCommands, writesIn } from '@image-organizer/testing/mongo-commands';
import { createTcpProxy } from '@image-organizer/testing/tcp-proxy';
import { connectMongo, type MongoConnection } from '../../mongo/connection.ts';
import type { Catalog } from '../catalog.ts';
import { createMongoCatalog } from '../mongo.ts';
import type { ImageDocument } from './documents.ts';

const server = process.env['MONGO_URL'];
const writeConcern = { w: 'majority', j: true };

(server ? describe : describe.skip)('what the catalogue writes to a server', () => {
  let url: URL;
  let direct: MongoConnection;
  const opened: Catalog[] = [];

  beforeEach(() => {
    url = new URL(server!);
    url.pathname = `/writes_${randomUUID().slice(0, 8)}`;
    url.searchParams.set('monitorCommands', 'true');
    direct = connectMongo({ url: url.href, log: silentLog() });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((catalog) => catalog.close()));
    await (await direct.database()).dropDatabase();
    await direct.close();
  });

  /** A catalogue as a process of its own has it, its indexes made; its connection through `through` where that is set. */
  async function openCatalog(through?: (connection: MongoConnection) => MongoConnection, host = url.host) {
    const own = new URL(url);
    own.host = host;
    const connection = connectMongo({ url: own.href, log: silentLog() });
    const catalog = createMongoCatalog({ connection: through?.(connection) ?? connection });
    opened.push(catalog);
    await catalog.expiredUploads(new Date(), 1);
    return { catalog, commands: await recordCommands(connection) };
  }

  const documentOf = async (id: string) =>
    (await direct.database()).collection<ImageDocument>('images').findOne({ _id: id });

  it('When an image goes from process to process, then it costs 19 commands, 5 of them reads, and at most 5 to count it.', async () => {
    const [gateway, ...workers] = await Promise.all(['gateway', ...stageNames].map(() => openCatalog()));
    const image = newImage({ idempotencyKey: 'key' });
    let event = outboxEntry();
    const { id: imageId, ownerId } = image;
    await gateway!.catalog.openUpload({ imageId, ownerId, expiresAt: new Date() });
    await gateway!.catalog.acceptImage(image, event);
    await gateway!.catalog.markPublished(event);
    for (const [position, stage] of stageNames.entries()) {
      const { catalog } = workers[position]!;
      const held = await claim(catalog, image, stage);
      if (stage === 'extract') {
        const { renditions } = extractResult();
        await catalog.reportProgress({ ...held, stage }, { renditions });
      }
      event = outboxEntry();
      expect(await catalog.completeStage(held, completion(stage, { event }))).toBe('committed');
      await catalog.markPublished(event);
    }
    const all = [gateway!, ...workers];
    await Promise.all(all.map(({ catalog }) => catalog.close())); // the intent is closed by then, and all is counted
    const commands = all.flatMap((each) => each.commands);
    const counts = commands.filter(({ command }) => command['update'] === 'tallies').length;
    expect(counts).toBeLessThanOrEqual(5); // one per process, but for a change that came half a second later
    const ofOwner = ({ command }: (typeof commands)[number]) =>
      [command['find'], command['insert']].includes('tallies') || command['hint'] !== undefined;
    const first = commands.filter(ofOwner);
    expect(countByName(first)).toEqual({ find: 3, insert: 1 }); // of a new owner: none has been counted yet
    const rest = commands.filter((each) => !first.includes(each) && each.command['update'] !== 'tallies');
    expect(countByName(rest)).toEqual({ update: 12, find: 5, insert: 1, delete: 1 });
  });

  it('When it writes, then a majority has it in its journal before it counts.', async () => {
    const { catalog, commands } = await openCatalog();
    const image = newImage();
    const event = outboxEntry();
    const now = new Date();
    await catalog.openBatch(newBatch({ id: image.batchId }));
    await catalog.openUpload({ imageId: image.id, ownerId: image.ownerId, expiresAt: now });
    await catalog.acceptImage(image, event);
    await catalog.closeUpload(image.id);
    await catalog.markPublished(event);
    await catalog.sealBatch(image.batchId);
    const held = await claim(catalog, image, 'extract');
    await catalog.renewLease(held, new Date(now.getTime() + 90_000));
    await catalog.failStage(held, { now, failure: { code: 'BLURRED', detail: '' }, event: outboxEntry() });
    await catalog.settleBatch(image.batchId, now, outboxEntry());
    await catalog.claimDelivery({ key: 'email:1', owner: 'w', now, leaseMs: 1_000 });
    await catalog.holdLease({ name: 'sweeper', holder: 'w', now, ttlMs: 1_000 });
    await catalog.releaseAllLeases();
    const writes = writesIn(commands);
    expect(new Set(writes.map(({ name }) => name))).toEqual(new Set(['insert', 'update', 'delete']));
    expect(writes).toEqual(writes.map(({ name }) => ({ name, writeConcern })));
  });

  describe('When a write is done and the server says that no majority has it yet', () => {
    /** Lets the first call of `method` be done and reject as MongoDB does then. */
    const unsure =
      (method: 'insertOne' | 'updateOne') =>
      (connection: MongoConnection): MongoConnection => {
        let left = 1;
        const collection = (real: Collection) =>
          intercept(real, method, async (...call) => {
            const answer = await Reflect.apply(real[method], real, call);
            if (left-- <= 0) return answer;
            throw new MongoServerError({ message: 'waiting for replication timed out', code: 64 });
          });
        const database = async () => {
          const real = await connection.database();
          return intercept(real, 'collection', (...call) =>
            call[0] === 'images'
              ? collection(Reflect.apply(real.collection, real, call))
              : Reflect.apply(real.collection, real, call),
          );
        };
        return { ...connection, database };
      };

    it('then an image is accepted once: the second insert is refused when a majority has the first.', async () => {
      const { catalog } = await openCatalog(unsure('insertOne'));
      const image = newImage({ idempotencyKey: 'key' });
      expect(await catalog.acceptImage(image, outboxEntry())).toMatchObject({
        ...{ kind: 'accepted', image: { id: image.id } },
      });
      expect(await catalog.dueOutbox(10)).toHaveLength(1);
    });

    it('then a claim is won once, and it is read back and confirmed by a write.', async () => {
      const { catalog, commands } = await openCatalog(unsure('updateOne'));
      const image = newImage();
      await catalog.acceptImage(image, outboxEntry());
      commands.length = 0;
      expect(await claim(catalog, image, 'extract')).toMatchObject({ epoch: 1 });
      const sent = commands.map(({ commandName }) => commandName).filter((name) => name !== 'delete');
      expect(sent).toEqual(['find', 'update', 'find', 'update']);
      expect(await documentOf(image.id)).toMatchObject({ rev: 1, stages: { extract: { attempts: 1 } } });
    });
  });

  describe('When a write is done and its answer is lost', () => {
    /** The connection dies after the first message that has `words` in it was done. */
    async function losing(
      words: string,
      isDone: () => Promise<boolean>,
      work: (catalog: Catalog) => Promise<unknown>,
    ) {
      const proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port || 27_017) });
      const { catalog } = await openCatalog(undefined, `${proxy.host}:${proxy.port}`);
      proxy.onClientData((data) => {
        if (data.includes(words)) proxy.blackHole();
      });
      const outcome = work(catalog);
      while (!(await isDone())) await sleep(10);
      proxy.onClientData(() => {});
      proxy.reset();
      proxy.restore();
      const result = await outcome;
      await catalog.close();
      await proxy.close();
      return result;
    }
    const accepted = async () => {
      const { catalog } = await openCatalog();
      const image = newImage();
      await catalog.acceptImage(image, outboxEntry());
      return image;
    };

    it('then an image is accepted once.', async () => {
      const image = newImage({ idempotencyKey: 'key' });
      const isThere = async () => (await documentOf(image.id)) !== null;
      const outcome = await losing('sortName', isThere, (catalog) =>
        catalog.acceptImage(image, outboxEntry()),
      );
      expect(outcome).toMatchObject({ kind: 'accepted', image: { id: image.id } });
      const { catalog } = await openCatalog();
      expect(await catalog.dueOutbox(10)).toHaveLength(1);
    });

    it('then a claim is won once.', async () => {
      const image = await accepted();
      const isClaimed = async () => (await documentOf(image.id))?.stages.extract.status === 'running';
      const held = await losing('leaseUntil', isClaimed, (catalog) => claim(catalog, image, 'extract'));
      expect(held).toMatchObject({ epoch: 1 });
      expect(await documentOf(image.id)).toMatchObject({ rev: 1, stages: { extract: { attempts: 1 } } });
    });

    it('then a stage is committed once, with one event.', async () => {
      const image = await accepted();
      const isDone = async () => (await documentOf(image.id))?.stages.extract.status === 'done';
      const event = outboxEntry();
      const outcome = await losing(event.id, isDone, async (catalog) =>
        catalog.completeStage(await claim(catalog, image, 'extract'), completion('extract', { event })),
      );
      expect(outcome).toBe('committed');
      const { catalog } = await openCatalog();
      expect((await catalog.dueOutbox(10)).filter(({ id }) => id === event.id)).toHaveLength(1);
    });
  });

  it('When somebody else changed the image meanwhile, then what this process wrote last is not taken for the truth.', async () => {
    const [{ catalog: one }, { catalog: other }] = await Promise.all([openCatalog(), openCatalog()]);
    const image = newImage();
    await one.acceptImage(image, outboxEntry());
    const late = await claim(one, image, 'extract');
    const now = new Date();
    await other.releaseStage(late, { now, failure: null });
    const held = await claim(other, image, 'extract');
    expect(await one.completeStage(late, completion('extract'))).toBe('fenced');
    expect(await one.renewLease(late, now)).toBe(false);
    expect(await other.reportProgress(held, { text: 'read' })).toBe(true);
    expect(await one.getImage(image.ownerId, image.id)).toMatchObject({
      text: 'read',
      stages: { extract: { status: 'running', epoch: 2 } },
    });
  });
});

/** The object with one method replaced; the others are called on the object itself. */
const intercept = <Target extends object>(
  target: Target,
  method: keyof Target,
  replacement: (...call: never[]) => unknown,
): Target =>
  new Proxy(target, {
    get(real, name) {
      if (name === method) return replacement;
      const value: unknown = Reflect.get(real, name, real);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
