import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ObjectId } from 'mongodb';
import { describeBlobStore } from '@image-organizer/testing/describe-blob-store';
import { countByName, recordCommands, writesIn } from '@image-organizer/testing/mongo-commands';
import { createTcpProxy } from '@image-organizer/testing/tcp-proxy';
import { systemClock } from '@image-organizer/platform/clock';
import { silentLog } from '@image-organizer/platform/log';
import { MongoUnavailableError, connectMongo, type MongoConnection } from '../mongo/connection.ts';
import { BlobNotFoundError } from './blob-store.ts';
import { BlobChangedError } from './gridfs-read.ts';
import { createGridFsBlobStore } from './gridfs.ts';

const mongoUrl = process.env['MONGO_URL'];
const tool = join(import.meta.dirname, '../../../../shared/servers/servers.sh');
/** Only a server of one's own is killed: MONGO_URL then is that of SERVERS_ROOT and MONGO_PORT. */
const mayKill = Boolean(process.env['SERVERS_ROOT'] && process.env['MONGO_PORT']) && existsSync(tool);
const server = (verb: 'kill' | 'start') => promisify(execFile)(tool, [verb, 'mongo']);

const laterClock = { now: () => new Date(Date.now() + 3 * 3_600_000) };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const streamOf = (...pieces: Buffer[]) => Readable.from(pieces, { objectMode: false });

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

(mongoUrl ? describe : describe.skip)('on the server that MONGO_URL names', () => {
  const url = new URL(mongoUrl ?? 'mongodb://none');
  url.pathname = `/test-gridfs-${randomUUID().slice(0, 8)}`;
  url.searchParams.set('monitorCommands', 'true');
  let connection: MongoConnection;
  beforeAll(() => {
    connection = connectMongo({ url: url.href, log: silentLog() });
  });
  afterAll(async () => {
    await (await connection.database()).dropDatabase();
    await connection.close();
  });

  describeBlobStore('gridfs', async () => createGridFsBlobStore({ connection, bucketName: randomUUID() }));

  describe('GridFS blob store', () => {
    let bucketName: string;
    beforeEach(() => {
      bucketName = randomUUID();
    });
    const openStore = (clock = systemClock, through = connection) =>
      createGridFsBlobStore({ connection: through, bucketName, clock });
    const countOf = async (collection: 'chunks' | 'files' | 'blobs') =>
      (await connection.database()).collection(`${bucketName}.${collection}`).countDocuments();
    const leftOver = async () => ({ chunks: await countOf('chunks'), files: await countOf('files') });
    const read = async (id: string) => buffer(await openStore().open(id));

    /** A put that has sent `first` to the server and waits for more. */
    async function beginPut(id: string, first: Buffer, store = openStore()) {
      const source = new PassThrough();
      const before = await countOf('chunks');
      const outcome = store.put(id, source).then(
        (stored) => ({ stored }),
        (error: unknown) => ({ error }),
      );
      source.write(first);
      const sent = Math.floor(first.length / (255 * 1024));
      await until(async () => (await countOf('chunks')) >= before + sent);
      return { source, outcome };
    }

    it('When two stores put one id at once, again and again, then one whole version and nothing else is left', async () => {
      const second = connectMongo({ url: url.href, log: silentLog() });
      const versions = Array.from({ length: 12 }, (_, index) => Buffer.alloc(300_000 + index, index));
      const stores = [openStore(), openStore(systemClock, second)];
      await Promise.all(versions.map((bytes, index) => stores[index % 2]!.put('a', streamOf(bytes))));
      expect(versions.map(sha256)).toContain(sha256(await read('a')));
      expect(await leftOver()).toEqual({ chunks: 2, files: 1 });
      await second.close();
    });

    it('When an image is put, read and deleted, then it takes few commands, and a majority has each write in its journal', async () => {
      const own = connectMongo({ url: url.href, log: silentLog() });
      const store = openStore(systemClock, own);
      await store.list({ limit: 1 }); // the index of the chunks is made
      const commands = await recordCommands(own);
      const taken = () => countByName(commands.splice(0));
      await store.put('a', streamOf(randomBytes(200_000)));
      const writes = writesIn(commands);
      expect(taken()).toEqual({ insert: 2, findAndModify: 1 });
      await buffer(await store.open('a'));
      expect(taken()).toEqual({ find: 2 });
      await store.delete('a');
      writes.push(...writesIn(commands));
      expect(taken()).toEqual({ findAndModify: 1, delete: 2 });
      const writeConcern = { w: 'majority', j: true };
      expect(writes).toEqual(writes.map(({ name }) => ({ name, writeConcern })));
      await own.close();
    });

    it('When uploads break off or blobs are deleted, then no bytes are left', async () => {
      const { source, outcome } = await beginPut('a', randomBytes(2_000_000));
      source.destroy(new Error('connection lost'));
      expect(await outcome).toMatchObject({ error: { message: 'connection lost' } });
      await openStore().put('b', streamOf(randomBytes(600_000)));
      await openStore().delete('b');
      expect(await leftOver()).toEqual({ chunks: 0, files: 0 });
    });

    it('When 64 MB are put and read, then memory does not grow with them', async () => {
      const piece = randomBytes(1024 * 1024);
      const before = process.memoryUsage().rss;
      let peak = before;
      async function* watched(source: AsyncIterable<Buffer>) {
        for await (const bytes of source) {
          peak = Math.max(peak, process.memoryUsage().rss);
          yield bytes;
        }
      }
      const store = openStore();
      const { size } = await store.put('a', Readable.from(watched(streamOf(...Array(64).fill(piece)))));
      expect(size).toBe(64 * piece.length);
      await pipeline(await store.open('a'), watched, async (source: AsyncIterable<Buffer>) => {
        for await (const _bytes of source);
      });
      expect(peak - before).toBeLessThan(size);
    });

    it('When a long blob is replaced while it is read, then the reader is told, and a short one comes whole', async () => {
      const [long, short] = [randomBytes(12_000_000), randomBytes(1_000_000)];
      const store = openStore();
      const readers: Record<string, Readable> = {};
      for (const [id, bytes] of Object.entries({ long, short })) {
        await store.put(id, streamOf(bytes));
        await once((readers[id] = await store.open(id)), 'readable');
        await store.put(id, streamOf(Buffer.from('new')));
      }
      await expect(buffer(readers['long']!)).rejects.toThrow(BlobChangedError);
      expect((await buffer(readers['short']!)).equals(short)).toBe(true);
      expect((await read('long')).toString()).toBe('new');
    });

    it('When a blob is replaced all the time, then whoever opens it gets one whole version', async () => {
      const store = openStore();
      const versions = Array.from({ length: 15 }, (_, index) => Buffer.alloc(500_000, index));
      await store.put('a', streamOf(versions[0]!));
      let writing = true;
      const seen: string[] = [];
      const reader = async () => {
        while (writing) seen.push(sha256(await read('a')));
      };
      const readers = [reader(), reader()];
      for (const bytes of versions) await store.put('a', streamOf(bytes));
      writing = false;
      await Promise.all(readers);
      expect(versions.map(sha256)).toEqual(expect.arrayContaining(seen));
    });

    it('When a put takes longer than an hour, then it is refused: its bytes may be swept away', async () => {
      let now = new Date();
      const store = openStore({ now: () => now });
      const { source, outcome } = await beginPut('a', randomBytes(600_000), store);
      now = laterClock.now();
      source.end();
      expect(await outcome).toMatchObject({
        error: { message: expect.stringContaining('longer than an hour') },
      });
      expect(await leftOver()).toEqual({ chunks: 0, files: 0 });
    });

    describe('what dead processes leave', () => {
      it('When it is old, then it is removed, and blobs and young puts stay', async () => {
        const bytes = randomBytes(600_000);
        await openStore().put('kept', streamOf(bytes));
        await openStore().put('empty', streamOf());
        for (const id of ['lost', 'lost-empty'])
          await openStore().put(id, id === 'lost' ? streamOf(bytes) : streamOf());
        const blobs = (await connection.database()).collection<{ _id: string }>(`${bucketName}.blobs`);
        await blobs.deleteMany({ _id: /^lost/ }); // as a crash between the two writes of a delete does
        const { source, outcome } = await beginPut('half', bytes);
        expect(await openStore().removeAbandoned()).toBe(0);

        expect(await openStore(laterClock).removeAbandoned()).toBe(3);
        source.destroy();
        await outcome;
        expect(await leftOver()).toEqual({ chunks: 3, files: 2 });
        expect((await read('kept')).equals(bytes)).toBe(true);
        expect(await read('empty')).toHaveLength(0);
      });

      it('When there is more than a page of it, then all of it goes, page by page', async () => {
        await openStore().put('kept', streamOf(Buffer.from('x')));
        const chunks = (await connection.database()).collection(`${bucketName}.chunks`);
        const template = (await chunks.findOne())!;
        const abandoned = Array.from({ length: 2_300 }, () => ({
          ...template,
          _id: new ObjectId(),
          files_id: new ObjectId(),
        }));
        await chunks.insertMany(abandoned);
        const store = openStore(laterClock);
        let removed = 0;
        for (let call = 0; call < 3; call += 1) removed += await store.removeAbandoned();
        expect([removed, await countOf('chunks')]).toEqual([2_300, 1]);
      });
    });

    describe('when the network fails', () => {
      const throughProxy = async () => {
        const proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port || 27017) });
        const through = new URL(url);
        through.host = `${proxy.host}:${proxy.port}`;
        const own = connectMongo({ url: through.href, log: silentLog() });
        const close = async () => (await own.close(), await proxy.close());
        return { proxy, store: openStore(systemClock, own), close };
      };

      it('When the answer to the last write is lost, then put looks whether it was written, and resolves', async () => {
        const { proxy, store, close } = await throughProxy();
        await store.put('warm', streamOf(Buffer.from('up')));
        proxy.onClientData((data) => {
          if (data.includes('findAndModify')) proxy.blackHole();
        });
        const bytes = randomBytes(600_000);
        const storing = store.put('a', streamOf(bytes));
        await until(async () => (await countOf('blobs')) === 2);
        proxy.onClientData(() => {});
        proxy.reset();
        proxy.restore();
        expect(await storing).toEqual({ id: 'a', size: bytes.length, sha256: sha256(bytes) });
        expect((await read('a')).equals(bytes)).toBe(true);
        await close();
      });

      it('When connections are reset while blobs come and go, then each is whole in the end', async () => {
        const { proxy, store, close } = await throughProxy();
        const bytes = randomBytes(3_000_000);
        let sent = 0;
        proxy.onClientData((data) => {
          if ((sent += data.length) < 1_000_000) return;
          sent = -2_000_000;
          proxy.reset();
        });
        await store.put('a', streamOf(bytes));
        expect((await buffer(await store.open('a'))).equals(bytes)).toBe(true);
        await close();
      });
    });

    (mayKill ? describe : describe.skip)('when the server is killed', () => {
      afterEach(() => server('start'));
      const first = randomBytes(2_000_000);

      it('and comes back: When a put was half done, then it goes on and is whole', async () => {
        const { source, outcome } = await beginPut('a', first);
        await server('kill');
        await server('start');
        source.end(first);
        expect(await outcome).toMatchObject({ stored: { size: 2 * first.length } });
        expect((await read('a')).equals(Buffer.concat([first, first]))).toBe(true);
      });

      it('and stays away: When a put was half done, then it rejects, nothing of it is readable, and what is left is found', async () => {
        const { source, outcome } = await beginPut('a', first);
        await server('kill');
        source.end(first);
        expect(await outcome).toMatchObject({ error: expect.any(MongoUnavailableError) });
        expect(openStore().waitingFor()).toEqual([expect.stringContaining(url.host)]);
        await server('start');
        await expect(openStore().open('a')).rejects.toThrow(BlobNotFoundError);
        expect(await openStore().list({ limit: 10 })).toEqual([]);
        expect((await leftOver()).chunks).toBeGreaterThan(0);
        expect(await openStore(laterClock).removeAbandoned()).toBe(1);
        expect(await leftOver()).toEqual({ chunks: 0, files: 0 });
      });

      it('while 20 blobs are put: then each that resolved is whole, and each that rejected is whole or not there', async () => {
        const store = openStore();
        const bytes = randomBytes(900_000);
        const ids = Array.from({ length: 20 }, (_, index) => `id-${index}`);
        const outcomes = Promise.allSettled(ids.map((id) => store.put(id, streamOf(bytes))));
        await until(async () => (await countOf('files')) > 0);
        await server('kill');
        await server('start');
        const settled = await outcomes;
        const listed = (await store.list({ limit: 100 })).map(({ id }) => id);
        expect(listed).toEqual(
          expect.arrayContaining(ids.filter((_, index) => settled[index]!.status === 'fulfilled')),
        );
        for (const id of listed) expect((await read(id)).equals(bytes)).toBe(true);
      });
    });
  });
});
