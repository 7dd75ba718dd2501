import {
  InvalidCursorError,
  type Catalog,
  type ImageListQuery,
} from '@image-organizer/adapters/catalog/catalog';
import { InvalidInputError } from '@image-organizer/platform/errors';

/** One page. @throws InvalidInputError when the cursor is not of this list */
export const listImages = (catalog: Catalog, query: ImageListQuery) =>
  ofThisList(() => catalog.listImages(query));

/** @throws InvalidInputError when the cursor is not of the list that is read */
export async function ofThisList<Page>(read: () => Promise<Page>): Promise<Page> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InvalidCursorError)) throw error;
    const detail = 'is no cursor of this list: begin again without one';
    throw new InvalidInputError(`The query has wrong parameters: cursor ${detail}.`, [
      { field: 'cursor', detail },
    ]);
  }
}
