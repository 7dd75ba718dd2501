import { createHash } from 'node:crypto';
import {
  chmodSync,
  globSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { silentLog } from '@image-organizer/platform/log';
import { describeBlobStore } from '@image-organizer/testing/describe-blob-store';
import { createDiskBlobStore, type DiskBlobStore } from './disk.ts';

const root = mkdtempSync(join(tmpdir(), 'disk-blobs-'));
afterAll(() => rmSync(root, { recursive: true }));
const openStore = (directory: string) => createDiskBlobStore({ directory, log: silentLog() });

describeBlobStore('disk', () => openStore(mkdtempSync(join(root, 'store-'))));

describe('the disk blob store', () => {
  let directory: string;
  let store: DiskBlobStore;
  beforeEach(async () => {
    directory = mkdtempSync(join(root, 'store-'));
    store = await openStore(directory);
  });
  afterEach(() => jest.restoreAllMocks());

  const put = (id: string, bytes: string) => store.put(id, Readable.from([Buffer.from(bytes)]));
  const read = async (id: string) => text(await store.open(id));
  const filesIn = (folder: string) =>
    globSync(`${folder}/**`, { cwd: directory, withFileTypes: true }).filter((entry) => entry.isFile());
  const sha256 = (bytes: string) => createHash('sha256').update(bytes).digest('hex');
  const contentPath = (bytes: string) => join(directory, 'content', sha256(bytes).slice(0, 2), sha256(bytes));

  it('When equal bytes come under several ids, then they are stored once, until the last id goes', async () => {
    await put('a', 'same');
    await put('b', 'same');
    await store.copy('a', 'c');
    expect(filesIn('content')).toHaveLength(1);
    expect(statSync(store.pathOf('b')).ino).toBe(statSync(store.pathOf('a')).ino);
    for (const id of ['a', 'b']) await store.delete(id);
    expect(filesIn('content')).toHaveLength(1);
    await store.delete('c');
    expect(filesIn('.')).toEqual([]);
  });

  it('When an id gets other bytes, then those it had are removed', async () => {
    await put('a', 'one');
    await put('a', 'two');
    await put('b', 'three');
    await store.copy('a', 'b');
    expect(filesIn('content').map(({ name }) => name)).toEqual([sha256('two')]);
    expect(filesIn('incoming')).toEqual([]);
  });

  it('When 20 ids with equal bytes come and go at once, then no file is left', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `id-${index}`);
    await Promise.all(ids.map(async (id) => (await put(id, 'same'), await store.delete(id))));
    expect(filesIn('.')).toEqual([]);
  });

  it('When a blob is stored, then nobody may write to its file', async () => {
    await put('a', 'bytes');
    expect(statSync(store.pathOf('a')).mode & 0o222).toBe(0);
  });

  it('When old bytes are stored under a new id, then that id counts as new', async () => {
    await put('old', 'bytes');
    utimesSync(store.pathOf('old'), 0, 0);
    await put('new', 'bytes');
    const { storedAt } = (await store.list({ limit: 1 }))[0]!;
    expect(storedAt.getFullYear()).toBeGreaterThan(2000);
  });

  it('When the library still links the bytes, then they stay, and the next start removes what nobody has', async () => {
    await put('a', 'bytes');
    const inLibrary = join(directory, 'in-library.txt');
    linkSync(store.pathOf('a'), inLibrary);
    await store.delete('a');
    expect(filesIn('content')).toHaveLength(1);
    unlinkSync(inLibrary);
    await openStore(directory);
    expect(filesIn('content')).toEqual([]);
  });

  describe('after a crash', () => {
    it('that came while bytes were written: When the store opens, then they are gone', async () => {
      await put('a', 'kept');
      writeFileSync(join(directory, 'incoming', 'half'), 'half of it');
      store = await openStore(directory);
      expect(filesIn('incoming')).toEqual([]);
      expect(await read('a')).toBe('kept');
    });

    it('that came before the id was linked: When the store opens, then the content is gone and can be stored again', async () => {
      mkdirSync(dirname(contentPath('lost')));
      writeFileSync(contentPath('lost'), 'lost');
      linkSync(contentPath('lost'), join(directory, 'incoming', 'link'));
      store = await openStore(directory);
      expect(filesIn('content')).toEqual([]);
      await put('a', 'lost');
      expect(await read('a')).toBe('lost');
    });

    it('that lost the content name but kept the id: then the blob is whole, and equal bytes are stored again', async () => {
      await put('a', 'bytes');
      unlinkSync(contentPath('bytes'));
      store = await openStore(directory);
      expect(await store.stat('a')).toEqual({ id: 'a', size: 5, sha256: sha256('bytes') });
      await put('b', 'bytes');
      await store.delete('a');
      expect(await read('b')).toBe('bytes');
    });

    it.each([
      ['is missing', (path: string) => unlinkSync(path)],
      ['is empty', (path: string) => writeFileSync(path, '')],
      ['is cut short', (path: string) => writeFileSync(path, '1:2 abc')],
      ['is of an older version', (path: string) => writeFileSync(path, `1:2 ${sha256('older')}`)],
    ])('whose digest %s: then stat finds the right hash and notes it', async (_case, damage) => {
      await put('a', 'bytes');
      const digest = join(directory, 'digests', '_a', '_a');
      damage(digest);
      expect((await store.stat('a')).sha256).toBe(sha256('bytes'));
      expect(filesIn('digests')).toHaveLength(1);
      await put('a', 'other');
      expect(filesIn('content').map(({ name }) => name)).toEqual([sha256('other')]);
    });
  });

  describe('when the disk refuses', () => {
    const refusal = (code: string) => Object.assign(new Error(`${code}: refused`), { code });

    /** Lets the call of that number fail, and none else. */
    function refuse(name: 'open' | 'link' | 'rename' | 'mkdir', call: number) {
      const real = fsPromises[name] as (...args: unknown[]) => Promise<unknown>;
      let calls = 0;
      return jest
        .spyOn(fsPromises, name)
        .mockImplementation(((...args: unknown[]) =>
          (calls += 1) === call ? Promise.reject(refusal('ENOSPC')) : real(...args)) as never);
    }

    it.each([
      ['open', 1],
      ['mkdir', 1],
      ['link', 1],
      ['link', 2],
      ['mkdir', 2],
      ['rename', 1],
    ] as const)(
      'When call %s #%i fails, then put says so and leaves nothing, and an earlier version survives',
      async (name, call) => {
        await put('xx-old', 'earlier');
        const before = filesIn('.').length;
        for (const id of ['xx-old', 'yy-new']) {
          const spy = refuse(name, call);
          await expect(put(id, `new bytes for ${id}`)).rejects.toThrow('ENOSPC');
          spy.mockRestore();
          expect(filesIn('.')).toHaveLength(before);
        }
        expect(await read('xx-old')).toBe('earlier');
        expect((await store.list({ limit: 10 })).map(({ id }) => id)).toEqual(['xx-old']);
      },
    );

    it('When the digest cannot be written, then the blob is stored all the same', async () => {
      jest.spyOn(fsPromises, 'writeFile').mockRejectedValueOnce(refusal('ENOSPC'));
      await put('a', 'bytes');
      expect((await store.stat('a')).sha256).toBe(sha256('bytes'));
      expect(filesIn('incoming')).toEqual([]);
    });

    it('When a file has all the links it can have, then the bytes are stored once more', async () => {
      await put('a', 'bytes');
      const link = fsPromises.link;
      let refused = 0;
      jest.spyOn(fsPromises, 'link').mockImplementation(async (from, to) => {
        const full = from === contentPath('bytes') && statSync(from).nlink >= 2 && refused < 1;
        if (full) throw ((refused += 1), refusal('EMLINK'));
        return link(from, to);
      });
      await put('b', 'bytes');
      expect([refused, await read('a'), await read('b')]).toEqual([1, 'bytes', 'bytes']);
      expect(statSync(store.pathOf('b')).ino).not.toBe(statSync(store.pathOf('a')).ino);
    });

    it('When a copy cannot be linked, then it is written', async () => {
      await put('a', 'bytes');
      jest.spyOn(fsPromises, 'link').mockRejectedValueOnce(refusal('EMLINK'));
      expect(await store.copy('a', 'b')).toEqual({ id: 'b', size: 5, sha256: sha256('bytes') });
      expect(await read('b')).toBe('bytes');
    });
  });

  it('When the directory cannot be used, then opening it fails', async () => {
    const file = join(directory, 'a-file');
    writeFileSync(file, '');
    chmodSync(file, 0o444);
    await expect(openStore(join(file, 'store'))).rejects.toThrow();
  });
});
