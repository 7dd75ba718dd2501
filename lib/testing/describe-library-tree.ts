import { BlobNotFoundError } from '@image-organizer/adapters/blob-store/blob-store';
import type { LibraryPath, LibraryTree } from '@image-organizer/adapters/library-tree/library-tree';

export interface LibraryTreeHarness {
  library: LibraryTree;
  /** Makes a blob whose bytes are the text. */
  store(blob: string, text: string): Promise<void>;
  /** What stands in the tree, `<owner>/<folder>/<file>`, with its text; in the order of the names. */
  files(): Promise<[path: string, text: string][]>;
  dispose(): Promise<void>;
}

/** The specification of LibraryTree: every adapter passes it. */
export function describeLibraryTree(name: string, start: () => Promise<LibraryTreeHarness>): void {
  describe(`LibraryTree: ${name}`, () => {
    let harness: LibraryTreeHarness;
    let library: LibraryTree;
    beforeEach(async () => {
      harness = await start();
      library = harness.library;
      for (const blob of ['one', 'two']) await harness.store(blob, blob);
    });
    afterEach(() => harness.dispose());

    const at = (filename: string, folder = 'Receipts/2026'): LibraryPath => ({
      owner: 'anna@example.com',
      folder,
      filename,
    });
    const place = (blob: string, path: LibraryPath) => library.place(blob, path, 'image/png');
    const paths = async () => (await harness.files()).map(([path]) => path);

    it('When a blob is placed, also twice, then it stands under owner, folder and name', async () => {
      for (const _ of [1, 2]) await place('one', at('a.png'));
      expect(await harness.files()).toEqual([['anna@example.com/Receipts/2026/a.png', 'one']]);
    });

    it('When another blob is placed there, then it replaces the file', async () => {
      await place('one', at('a.png'));
      await place('two', at('a.png'));
      await place('one', at('b.png'));
      expect((await harness.files()).map(([, text]) => text)).toEqual(['two', 'one']);
    });

    it('When the blob is not there, then place says so and what stood there stays', async () => {
      await place('one', at('a.png'));
      await expect(place('missing', at('a.png'))).rejects.toThrow(BlobNotFoundError);
      expect((await harness.files()).map(([, text]) => text)).toEqual(['one']);
    });

    it('When a file is removed, also twice, then it alone goes', async () => {
      await place('one', at('a.png', 'Receipts/2026/May'));
      await place('one', at('b.png', 'Receipts'));
      for (const _ of [1, 2]) await library.remove(at('a.png', 'Receipts/2026/May'));
      expect(await paths()).toEqual(['anna@example.com/Receipts/b.png']);
    });

    it('When files come and go in one folder at once, then every one that came last is there', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `${index}.png`);
      await Promise.all(
        names.map(async (name, index) => {
          await place('one', at(name));
          if (index % 2) await library.remove(at(name));
        }),
      );
      expect(await paths()).toHaveLength(10);
    });

    it.each([
      '../../../escaped',
      '..',
      '/etc/cron.d/x',
      'a/../../b',
      '.hidden',
      '\0',
      '',
      '  ',
      'CON',
      'ä?*ü.png',
    ])('When a name is %j, then the file stays inside its folder', async (name) => {
      await place('one', at(name));
      await place('one', { owner: name, folder: name, filename: name });
      const placed = await paths();
      expect(placed).toHaveLength(2);
      expect(placed.filter((path) => /^anna@example.com\/Receipts\/2026\/[^/]+$/.test(path))).toHaveLength(1);
      expect(placed.filter((path) => path.split('/').some((part) => part.startsWith('.')))).toEqual([]);
      await library.remove(at(name));
      expect(await paths()).toHaveLength(1);
    });

    it('When names are as long as they may be, then they have a place too', async () => {
      const long = { owner: `${'o'.repeat(250)}@e.org`, folder: Array(4).fill('日'.repeat(60)).join('/') };
      for (const filename of [`${'日'.repeat(190)}1.png`, `${'日'.repeat(190)}2.png`])
        await place('one', { ...long, filename });
      expect(await paths()).toHaveLength(2);
    });

    it('When an image is published and unpublished, also twice, then the tree does not change', async () => {
      await place('one', at('a.png'));
      for (const _ of [1, 2]) await library.publish('two', 'image-1');
      for (const _ of [1, 2]) await library.unpublish('image-1');
      expect(await paths()).toEqual(['anna@example.com/Receipts/2026/a.png']);
    });
  });
}
