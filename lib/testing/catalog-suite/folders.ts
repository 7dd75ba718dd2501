import type { FolderRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import { classifyResult, extractResult, organizeResult } from '../builders.ts';
import { accept, at, organized, ownerIds, start, times, type Current } from './harness.ts';

export function describeFolders(current: Current): void {
  describe('folders', () => {
    const [ownerId, stranger] = ownerIds();
    const newFolder = (overrides: Partial<Omit<FolderRecord, 'count'>> = {}) => ({
      ownerId,
      path: 'Receipts',
      description: 'Till receipts',
      commonWords: ['total', 'cash'],
      createdBy: 'auto' as const,
      now: start,
      ...overrides,
    });
    const place = (
      filename: string,
      text = '',
      folder = 'Receipts',
      uploadedAt = start,
    ): Promise<ImageRecord> =>
      organized(
        current().catalog,
        { ownerId, filename, uploadedAt },
        {
          extract: extractResult({ text }),
          classify: classifyResult({ caption: '', tags: [] }),
          organize: organizeResult({ folder, filename }),
        },
      );
    const words = async () => (await current().catalog.listFolders(ownerId))[0]!.commonWords;

    it('When a folder is new, then it is there; ensured again, it stays as it was.', async () => {
      const { catalog } = current();
      const { now: _now, ...folder } = { ...newFolder(), count: 0 };
      expect(await catalog.ensureFolder(newFolder())).toEqual(folder);
      expect(
        await catalog.ensureFolder(newFolder({ description: 'other', createdBy: 'user', commonWords: [] })),
      ).toEqual(folder);
      expect(await catalog.listFolders(ownerId)).toEqual([folder]);
    });

    it('When 20 ensure a folder at once, then there is one.', async () => {
      const { catalog } = current();
      await Promise.all(times(20, () => catalog.ensureFolder(newFolder())));
      expect(await catalog.listFolders(ownerId)).toHaveLength(1);
    });

    it('When folders are listed, then they are in the order of their paths, each with its own images counted.', async () => {
      const { catalog, markDeleted } = current();
      for (const path of ['Receipts/2026', 'Letters', 'Receipts'])
        await catalog.ensureFolder(newFolder({ path }));
      await catalog.ensureFolder(newFolder({ ownerId: stranger, path: 'Secret' }));
      await place('a.jpg');
      await place('b.jpg', '', 'Receipts/2026');
      await place('c.jpg', '', 'Receipts/2026');
      await markDeleted((await place('d.jpg', '', 'Receipts/2026')).id);
      const folders = await catalog.listFolders(ownerId);
      expect(folders.map(({ path, count }) => [path, count])).toEqual([
        ['Letters', 0],
        ['Receipts', 1],
        ['Receipts/2026', 2],
      ]);
    });

    it('When a folder has few images, then its words are those it was created with, then those of its images.', async () => {
      const { catalog } = current();
      await catalog.ensureFolder(newFolder());
      await place('a.jpg', 'Bakery bread');
      await place('b.jpg', 'bread');
      await catalog.refreshFolder(ownerId, 'Receipts');
      await catalog.refreshFolder(ownerId, 'Receipts');
      expect(await words()).toEqual(['total', 'cash', 'bread', 'bakery']);
    });

    it('When a folder has enough images, then its words are theirs, by in how many they occur.', async () => {
      const { catalog } = current();
      await catalog.ensureFolder(newFolder());
      await place('a.jpg', 'The BREAD and the bread and the bread: 2024, 12 kg of Brötchen');
      await place('b.jpg', 'bread Brötchen', 'Receipts', at(1));
      for (const name of ['c.jpg', 'd.jpg', 'e.jpg']) await place(name, 'Brötchen');
      await place('elsewhere.jpg', 'unrelated', 'Letters');
      await place('below.jpg', 'unrelated', 'Receipts/2026');
      await catalog.refreshFolder(ownerId, 'Receipts');
      expect(await words()).toEqual(['brötchen', 'bread']);
    });

    it('When words are learned, then caption and tags count too, 50 words are kept, and of 100 images.', async () => {
      const { catalog } = current();
      await catalog.ensureFolder(newFolder());
      const results = { classify: classifyResult({ caption: 'Supermarket', tags: ['groceries'] }) };
      for (let nth = 0; nth < 4; nth++)
        await organized(catalog, { ownerId, filename: `${nth}.jpg` }, results);
      await place(
        'last.jpg',
        times(60, (n) => `word${String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26))}`).join(' '),
      );
      await catalog.refreshFolder(ownerId, 'Receipts');
      const learned = await words();
      expect(learned).toHaveLength(50);
      expect(learned).toEqual(expect.arrayContaining(['supermarket', 'groceries']));
      for (let nth = 0; nth < 100; nth++) await place(`new-${nth}.jpg`, 'newest', 'Receipts', at(10));
      await catalog.refreshFolder(ownerId, 'Receipts');
      expect(await words()).toEqual(['newest']);
    });

    it('When the folder is unknown, then there is nothing to refresh.', async () => {
      const { catalog } = current();
      await catalog.refreshFolder(ownerId, 'Nowhere');
      expect(await catalog.listFolders(ownerId)).toEqual([]);
    });

    const freeFilename = (
      filename: string,
      {
        folder = 'Receipts',
        imageId = 'new',
        owner = ownerId,
      }: { folder?: string; imageId?: string; owner?: string } = {},
    ) => current().catalog.freeFilename({ ownerId: owner, folder, filename, imageId });

    it('When a filename is free in the folder, then it is kept.', async () => {
      const { catalog } = current();
      const image = await place('scan.jpg');
      await accept(catalog, { ownerId, filename: 'other.jpg' });
      expect(await freeFilename('scan.png')).toBe('scan.png');
      expect(await freeFilename('other.jpg')).toBe('other.jpg');
      expect(await freeFilename('scan.jpg', { folder: 'Letters' })).toBe('scan.jpg');
      expect(await freeFilename('scan.jpg', { owner: stranger })).toBe('scan.jpg');
      expect(await freeFilename('scan.jpg', { imageId: image.id })).toBe('scan.jpg');
    });

    it('When a filename is taken in any case, then it gets the first number that is free.', async () => {
      const { markDeleted } = current();
      await place('scan.jpg');
      expect(await freeFilename('SCAN.jpg')).toBe('SCAN (2).jpg');
      await place('Scan (2).jpg');
      await place('scan (4).jpg');
      expect(await freeFilename('scan.jpg')).toBe('scan (3).jpg');
      expect(await freeFilename('scan (4).jpg')).toBe('scan (4) (2).jpg');
      await place('noextension');
      expect(await freeFilename('noextension')).toBe('noextension (2)');
      await markDeleted((await place('gone.jpg')).id);
      expect(await freeFilename('gone.jpg')).toBe('gone.jpg');
    });
  });
}
