import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  BlobNotFoundError,
  type BlobStore,
  type ByteRange,
} from '@image-organizer/adapters/blob-store/blob-store';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const chunkSize = 64 * 1024;

/** A stream of `bytes` in chunks, as an upload comes. `atByte` runs `act` instead of going on once so many were read. */
function streamOf(
  bytes: Buffer,
  interruption?: { atByte: number; act: (source: Readable) => void },
): Readable {
  const end = interruption?.atByte ?? bytes.length;
  let sent = 0;
  return new Readable({
    read() {
      if (sent === end) return void (interruption ? interruption.act(this) : this.push(null));
      const next = bytes.subarray(sent, Math.min(sent + chunkSize, end));
      sent += next.length;
      this.push(next);
    },
  });
}

const twenty = <Result>(act: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: 20 }, (_, index) => act(index)));

/** The specification of BlobStore. @param makeStore a store with nothing in it; the suite closes it */
export function describeBlobStore(name: string, makeStore: () => Promise<BlobStore>): void {
  describe(`BlobStore: ${name}`, () => {
    let store: BlobStore;
    beforeEach(async () => {
      store = await makeStore();
    });
    afterEach(() => store.close());

    const put = (id: string, bytes: Buffer) => store.put(id, streamOf(bytes));
    const read = async (id: string, range?: ByteRange) => buffer(await store.open(id, range));
    const allIds = async () => (await store.list({ limit: 1_000 })).map(({ id }) => id);

    describe('put, open and stat', () => {
      it('When 5 MB are put, then the same bytes come back, with their size and hash', async () => {
        const bytes = randomBytes(5_000_001);
        const id = randomUUID();
        const stored = { id, size: bytes.length, sha256: sha256(bytes) };
        expect(await put(id, bytes)).toEqual(stored);
        expect(await store.stat(id)).toEqual(stored);
        expect((await read(id)).equals(bytes)).toBe(true);
      });

      it('When a blob is empty, then it is there and empty', async () => {
        const stored = { id: 'empty', size: 0, sha256: sha256(Buffer.alloc(0)) };
        expect(await put('empty', Buffer.alloc(0))).toEqual(stored);
        expect(await store.stat('empty')).toEqual(stored);
        expect(await read('empty')).toHaveLength(0);
        expect(await read('empty', { start: 0, end: 10 })).toHaveLength(0);
      });

      it('When an id is put again, then it holds the new bytes only', async () => {
        await put('a', randomBytes(200_000));
        const bytes = Buffer.from('short');
        await put('a', bytes);
        expect(await read('a')).toEqual(bytes);
        expect(await store.stat('a')).toEqual({ id: 'a', size: 5, sha256: sha256(bytes) });
        expect(await allIds()).toEqual(['a']);
      });

      it('When an id is put again with the same bytes, then nothing changes', async () => {
        const bytes = randomBytes(1_000);
        expect(await put('a', bytes)).toEqual(await put('a', bytes));
        expect(await read('a')).toEqual(bytes);
      });

      it('When an id is replaced while somebody reads it, then the reader gets no mixture', async () => {
        const [before, after] = [Buffer.alloc(1_000_000, 'b'), Buffer.alloc(1_000_000, 'a')];
        await put('a', before);
        const reader = await store.open('a');
        await put('a', after);
        const seen = await buffer(reader).catch(() => before); // a reader may be cut off
        expect([sha256(before), sha256(after)]).toContain(sha256(seen));
        expect((await read('a')).equals(after)).toBe(true);
      });

      it('When an id has every kind of character it may have, then it works', async () => {
        const ids = ['.', '..', '-', '_', 'A.b_c-9', 'x'.repeat(200), `${randomUUID()}.3.small`];
        for (const id of ids) await put(id, Buffer.from(id));
        for (const id of ids) expect((await read(id)).toString()).toBe(id);
        expect(await allIds()).toEqual([...ids].sort());
      });

      it.each(['', 'a/b', '../a', 'a b', 'ä', 'a\0', 'x'.repeat(201)])(
        'When %j is given for an id, then it is refused',
        async (id) => {
          await expect(put(id, Buffer.from('x'))).rejects.toThrow();
          await expect(store.open(id)).rejects.toThrow();
          await expect(store.stat(id)).rejects.toThrow();
          await put('fine', Buffer.from('x'));
          await expect(store.copy('fine', id)).rejects.toThrow();
          await expect(store.delete(id)).rejects.toThrow();
          expect(await allIds()).toEqual(['fine']);
        },
      );

      it('When nothing is stored under an id, then stat, open and copy say so', async () => {
        await expect(store.stat('none')).rejects.toThrow(BlobNotFoundError);
        await expect(store.open('none')).rejects.toThrow(BlobNotFoundError);
        await expect(store.open('none', { start: 0, end: 0 })).rejects.toThrow(BlobNotFoundError);
        await expect(store.copy('none', 'other')).rejects.toThrow(BlobNotFoundError);
        expect(await allIds()).toEqual([]);
      });

      it('When a reader is destroyed early, then others still read and the blob can be deleted', async () => {
        const bytes = randomBytes(1_000_000);
        await put('a', bytes);
        const reader = await store.open('a');
        await once(reader, 'readable');
        reader.destroy();
        await once(reader, 'close');
        expect((await read('a')).equals(bytes)).toBe(true);
        await store.delete('a');
        await expect(store.open('a')).rejects.toThrow(BlobNotFoundError);
      });
    });

    describe('ranges', () => {
      const size = 600_000;
      const bytes = randomBytes(size);
      beforeEach(() => put('a', bytes));

      it.each([
        ['the first byte', { start: 0, end: 0 }, bytes.subarray(0, 1)],
        ['the last byte', { start: size - 1, end: size - 1 }, bytes.subarray(size - 1)],
        ['the middle', { start: 250_000, end: 520_000 }, bytes.subarray(250_000, 520_001)],
        ['everything', { start: 0, end: size - 1 }, bytes],
        ['an end beyond the last byte', { start: size - 5, end: size + 100 }, bytes.subarray(size - 5)],
        ['a start beyond the last byte', { start: size, end: size + 100 }, Buffer.alloc(0)],
      ])('When %s is asked for, then exactly that comes', async (_case, range, expected) => {
        expect((await read('a', range)).equals(expected)).toBe(true);
      });
    });

    describe('uploads that break off', () => {
      const bytes = randomBytes(5 * 1024 * 1024);
      const ways = {
        errors: (source: Readable) => void source.destroy(new Error('connection lost')),
        'is destroyed': (source: Readable) => void source.destroy(),
        'is aborted': (_source: Readable, controller: AbortController) => controller.abort(),
      };
      const moments = {
        'before the first byte': 0,
        'in the middle': bytes.length / 2,
        'just before the end': bytes.length,
      };
      const cases = Object.entries(ways).flatMap(([way, act]) =>
        Object.entries(moments).map(([moment, atByte]) => ({ way, moment, act, atByte })),
      );

      it.each(cases)(
        'When an upload $way $moment, then nothing of it is left and what was there stays',
        async ({ act, atByte }) => {
          const earlier = Buffer.from('an earlier version');
          await put('old', earlier);
          for (const id of ['old', 'new']) {
            const controller = new AbortController();
            const source = streamOf(bytes, { atByte, act: (stream) => act(stream, controller) });
            await expect(store.put(id, source, { signal: controller.signal })).rejects.toThrow();
            expect(source.destroyed).toBe(true);
          }
          expect(await allIds()).toEqual(['old']);
          expect(await read('old')).toEqual(earlier);
          await expect(store.stat('new')).rejects.toThrow(BlobNotFoundError);
        },
      );

      it('When the signal was aborted before, then nothing is stored', async () => {
        await expect(store.put('a', streamOf(bytes), { signal: AbortSignal.abort() })).rejects.toThrow();
        expect(await allIds()).toEqual([]);
      });

      it('When the source fails at the same moment as put begins, then put rejects', async () => {
        const source = streamOf(bytes);
        const storing = store.put('a', source);
        source.destroy(new Error('connection lost'));
        await expect(storing).rejects.toThrow('connection lost');
        expect(await allIds()).toEqual([]);
      });

      it('When the upload is tried again, then it is stored', async () => {
        const broken = streamOf(bytes, {
          atByte: 100_000,
          act: (source) => source.destroy(new Error('connection lost')),
        });
        await expect(store.put('a', broken)).rejects.toThrow();
        await put('a', bytes);
        expect((await store.stat('a')).sha256).toBe(sha256(bytes));
      });
    });

    describe('delete and copy', () => {
      it('When a blob is deleted, also twice, then it is gone and others stay', async () => {
        await put('a', Buffer.from('same'));
        await put('b', Buffer.from('same'));
        await store.delete('a');
        await store.delete('a');
        await store.delete('never-there');
        await expect(store.stat('a')).rejects.toThrow(BlobNotFoundError);
        expect((await read('b')).toString()).toBe('same');
        expect(await allIds()).toEqual(['b']);
      });

      it('When a blob was deleted, then its id can be used again', async () => {
        await put('a', Buffer.from('one'));
        await store.delete('a');
        await put('a', Buffer.from('two'));
        expect((await read('a')).toString()).toBe('two');
      });

      it('When a blob is copied, then the copy survives its source, and replaces what was there', async () => {
        const bytes = randomBytes(300_000);
        await put('from', bytes);
        await put('to', Buffer.from('replaced'));
        const stored = { id: 'to', size: bytes.length, sha256: sha256(bytes) };
        expect(await store.copy('from', 'to')).toEqual(stored);
        await store.delete('from');
        expect(await store.stat('to')).toEqual(stored);
        expect((await read('to')).equals(bytes)).toBe(true);
        expect(await allIds()).toEqual(['to']);
      });

      it('When the source of a copy is replaced, then the copy stays as it was', async () => {
        await put('from', Buffer.from('one'));
        await store.copy('from', 'to');
        await put('from', Buffer.from('two'));
        expect((await read('to')).toString()).toBe('one');
        expect((await store.stat('to')).sha256).toBe(sha256(Buffer.from('one')));
      });

      it('When a blob is copied onto itself, then it stays', async () => {
        await put('a', Buffer.from('one'));
        await store.copy('a', 'a');
        expect((await read('a')).toString()).toBe('one');
      });
    });

    describe('at the same time', () => {
      it('When one id is put 20 times at once, then one whole version wins', async () => {
        const versions = Array.from({ length: 20 }, (_, index) => Buffer.alloc(150_000 + index, index));
        await Promise.all(versions.map((bytes) => put('a', bytes)));
        const won = await read('a');
        expect(versions.map(sha256)).toContain(sha256(won));
        expect(await store.stat('a')).toEqual({ id: 'a', size: won.length, sha256: sha256(won) });
        expect(await allIds()).toEqual(['a']);
      });

      it('When equal bytes come and go under 20 ids at once, then every living id is readable', async () => {
        const bytes = randomBytes(100_000);
        await twenty(async (index) => {
          for (let turn = 0; turn < 3; turn += 1) {
            await put(`id-${index}`, bytes);
            if (index % 2 === 1) await store.delete(`id-${index}`);
          }
        });
        const living = await allIds();
        expect(living).toHaveLength(10);
        for (const id of living) expect((await read(id)).equals(bytes)).toBe(true);
      });

      it('When one id is put and deleted 20 times at once, then it is whole or gone', async () => {
        const bytes = randomBytes(100_000);
        await twenty((index) => (index % 2 ? store.delete('a') : put('a', bytes)).then(() => {}));
        for (const id of await allIds()) expect((await read(id)).equals(bytes)).toBe(true);
      });
    });

    describe('list', () => {
      it('When there are more ids than a page holds, then pages give each once, in ascending order', async () => {
        const ids = [...Array.from({ length: 25 }, () => randomUUID()), 'a', 'aa', 'aa.', 'ab', 'B'];
        for (const id of ids) await put(id, Buffer.from(id));
        const seen: string[] = [];
        for (;;) {
          const page = await store.list({ limit: 7, after: seen.at(-1) });
          if (page.length === 0) break;
          expect(page.length).toBeLessThanOrEqual(7);
          seen.push(...page.map(({ id }) => id));
        }
        expect(seen).toEqual([...ids].sort());
      });

      it('When a page begins after an id that is not there, then it goes on from its place', async () => {
        for (const id of ['a', 'c', 'e']) await put(id, Buffer.from(id));
        expect((await store.list({ after: 'b', limit: 10 })).map(({ id }) => id)).toEqual(['c', 'e']);
        expect(await store.list({ after: 'e', limit: 10 })).toEqual([]);
      });

      it('When blobs are listed, then each says since when it is there', async () => {
        await put('a', Buffer.from('a'));
        const { storedAt } = (await store.list({ limit: 1 }))[0]!;
        // A day is room enough for clocks that differ; it tells dates from seconds and zeros.
        expect(Math.abs(storedAt.getTime() - Date.now())).toBeLessThan(86_400_000);
      });
    });

    it('When the store works, then it waits for nothing', () => {
      expect(store.waitingFor()).toEqual([]);
    });
  });
}
