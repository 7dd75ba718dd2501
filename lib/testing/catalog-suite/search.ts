import { classifyResult, decision, extractResult, organizeResult } from '../builders.ts';
import { accept, at, claim, organized, ownerIds, times, type Current } from './harness.ts';

export function describeSearch(current: Current): void {
  describe('search', () => {
    const [ownerId, stranger] = ownerIds();
    const search = async (q: string) =>
      (await current().catalog.listImages({ ownerId, q, sort: 'filename', limit: 10 })).items.map(
        ({ filename }) => filename,
      );

    async function someImages() {
      const { catalog } = current();
      await organized(
        catalog,
        { ownerId, filename: 'cafe_menu.jpg' },
        {
          extract: extractResult({ text: 'Café Müller\nCrème brûlée 4,50 AND OR NEAR' }),
          classify: {
            decision: decision({ caption: 'Menu of a coffee house', tags: ['breakfast', 'vienna'] }),
          },
          organize: organizeResult({ folder: 'Travel/Österreich', filename: 'cafe_menu.jpg' }),
        },
      );
      await organized(
        catalog,
        { ownerId, filename: 'invoice-2024.png' },
        {
          extract: extractResult({ text: 'Invoice number 4711, total 99' }),
          classify: classifyResult({ caption: 'Invoice of a plumber', tags: [] }),
          organize: organizeResult({ folder: 'Invoices', filename: 'invoice-2024.png' }),
        },
      );
    }

    it.each([
      ['text', 'muller'],
      ['caption', 'coffee'],
      ['a tag', 'vienna'],
      ['the folder', 'travel'],
      ['the filename', 'cafe_menu'],
    ])('When a word is in %s, then the image is found.', async (_where, q) => {
      await someImages();
      expect(await search(q)).toEqual(['cafe_menu.jpg']);
    });

    it.each(['CAFÉ', 'cafe', 'Mueller muller', 'creme brulee', 'CRÈME', 'cre\u0300me', 'osterreich'])(
      'When %s is searched for, then case and accents do not matter and every word must occur.',
      async (q) => {
        await someImages();
        expect(await search(q)).toEqual(q.includes('Mueller') ? [] : ['cafe_menu.jpg']);
      },
    );

    it('When the last letters of words are missing, then the image is found; when the first are, it is not.', async () => {
      await someImages();
      expect(await search('inv plumb 47')).toEqual(['invoice-2024.png']);
      expect(await search('in')).toEqual(['invoice-2024.png']);
      expect(await search('i')).toEqual([]); // a single letter stands for itself
      expect(await search('voice')).toEqual([]);
    });

    it('When words are in different places of an image, then it is found; when one is in none, it is not.', async () => {
      await someImages();
      expect(await search('plumber 4711 invoices png')).toEqual(['invoice-2024.png']);
      expect(await search('plumber vienna')).toEqual([]);
    });

    it.each(['', '   ', '"', '*', '^ : ( ) { } - + "', "'; DROP TABLE images; --"])(
      'When the query is %p, then nothing is found, and nothing breaks.',
      async (q) => {
        await someImages();
        expect(await search(q)).toEqual([]);
      },
    );

    it.each([
      '"AND OR NEAR( * ^ :',
      'caf* NEAR(mull* "',
      'AND',
      '-cafe',
      '^cafe',
      '"cafe',
      'cafe OR',
      'cafe"muller',
    ])("When %p has a search engine's syntax in it, then its words are searched for.", async (q) => {
      await someImages();
      expect(await search(q)).toEqual(['cafe_menu.jpg']);
    });

    it('When operators are among the words, then they are words.', async () => {
      await someImages();
      expect(await search('vienna OR plumber')).toEqual([]);
      expect(await search('text:muller')).toEqual([]);
      expect(await search('invoice NOT vienna')).toEqual([]);
    });

    it('When an image was only just uploaded or is half read, then it is found by what is known.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId, filename: 'whiteboard.jpg' });
      expect(await search('white')).toEqual(['whiteboard.jpg']);
      await catalog.reportProgress(await claim(catalog, image, 'extract'), { text: 'roadmap' });
      expect(await search('roadmap white')).toEqual(['whiteboard.jpg']);
    });

    it('When more images have a word than are looked at one by one, then they are listed by date, page by page, none left out.', async () => {
      const { catalog } = current();
      const quarterDays = (nth: number) => at(((nth * 37) % 320) * 21_600);
      const names = times(320, (nth) => ({ filename: `photo ${nth}.jpg`, uploadedAt: quarterDays(nth) }));
      for (const name of names) await accept(catalog, { ownerId, ...name });
      await accept(catalog, { ownerId: stranger, filename: 'photo.jpg' });
      const byDate = names.toSorted((a, b) => a.uploadedAt.getTime() - b.uploadedAt.getTime());
      for (const [sort, expected] of [
        ['uploadedAt', byDate],
        ['-uploadedAt', byDate.toReversed()],
      ] as const) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await catalog.listImages({
            ownerId,
            q: 'phot',
            sort,
            limit: 100,
            ...(cursor && { cursor }),
          });
          seen.push(...page.items.map(({ filename }) => filename));
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        expect(seen).toEqual(expected.map(({ filename }) => filename));
      }
      expect(await search('photo 317')).toEqual(['photo 317.jpg']);
      expect(await search('photo vienna')).toEqual([]);
    }, 60_000);
  });
}
