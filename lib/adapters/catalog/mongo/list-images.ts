import type { LibraryCatalog } from '../catalog.ts';
import { cursorAfter, positionOf } from '../cursor.ts';
import { toImage } from './documents.ts';
import { findPage } from './find-page.ts';
import type { Store } from './store.ts';
import { foldedWords } from './words.ts';

/** One page of a person's living images, or of those in the trash. */
export const createImageList = (store: Store): Pick<LibraryCatalog, 'listImages'> => ({
  async listImages(query) {
    if (query.cursor !== undefined) positionOf(query.cursor, query.sort); // refuses a wrong one
    if (query.q !== undefined && foldedWords(query.q).length === 0) return { items: [], nextCursor: null };
    const documents = await findPage(store, { ...query, limit: query.limit + 1 }); // one too many tells of a next page
    const items = documents.slice(0, query.limit).map(toImage);
    const hasMore = documents.length > query.limit;
    return { items, nextCursor: hasMore ? cursorAfter(items.at(-1)!, query.sort) : null };
  },
});
