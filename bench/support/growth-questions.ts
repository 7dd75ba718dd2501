import type { Catalog, ImageListQuery } from '@image-organizer/adapters/catalog/catalog';
import { cursorAfter } from '@image-organizer/adapters/catalog/cursor';
import type { Facts } from './growth-images.ts';

/** One call of a kind that is measured; `nth` varies what is asked for. */
export type Ask = (nth: number) => Promise<unknown>;

const limit = 20;

/** What people ask of a catalogue, by name: pages of 20, newest first. */
export function questions(
  catalog: Catalog,
  { ownerId, folders, words, tags, samples }: Facts,
): Record<string, Ask> {
  const page = (query: Partial<ImageListQuery>) =>
    catalog.listImages({ ownerId, sort: '-uploadedAt', limit, ...query });
  const count = samples.length === 0 ? 0 : Math.max(...words.values());
  const inAbout = (share: number) => nearest(words, share * count);
  const [common, rare] = [inAbout(0.3), inAboutTen(words)];
  const one = <Item>(items: Item[], nth: number) => items[nth % items.length]!;
  const deep = samples.slice(2, -2);
  return {
    'list, first page': () => page({}),
    'list, deep page': (nth) => page({ cursor: cursorAfter(one(deep, nth), '-uploadedAt') }),
    'list by name': () => page({ sort: 'filename' }),
    'list of a folder': (nth) => page({ folder: folders[1 + (nth % 3)]! }),
    'list of a folder with folders below': (nth) => page({ folder: folders[10 * (nth % 3)]! }),
    'list of a tag': (nth) => page({ tag: one(tags.slice(0, 5), nth) }),
    'list of a status: organized': () => page({ status: 'organized' }),
    'list of a status: failed': () => page({ status: 'failed' }),
    'search, common word': (nth) => page({ q: one(common, nth) }),
    'search, rare word': (nth) => page({ q: one(rare, nth) }),
    'search, two common words': (nth) => page({ q: `${one(common, nth)} ${one(common, nth + 1)}` }),
    'search, common and rare word': (nth) => page({ q: `${one(common, nth)} ${one(rare, nth)}` }),
    'search, three letters': (nth) => page({ q: one(common, nth).slice(0, 3) }),
    'search, five letters': (nth) => page({ q: one(common, nth).slice(0, 5) }),
    folders: () => catalog.listFolders(ownerId),
    stats: () => catalog.stats(ownerId),
    usage: () => catalog.usageOf(ownerId),
  };
}

/** Five words whose number of images comes next to it. */
const nearest = (words: Map<string, number>, wanted: number): string[] =>
  [...words]
    .sort(([, a], [, b]) => Math.abs(a - wanted) - Math.abs(b - wanted))
    .slice(0, 5)
    .map(([word]) => word);

/** Long words: a short one is the beginning of others. */
const inAboutTen = (words: Map<string, number>): string[] =>
  nearest(new Map([...words].filter(([word]) => word.length > 6)), 10);
