import {
  InvalidCursorError,
  type Catalog,
  type ImageListQuery,
} from '@image-organizer/adapters/catalog/catalog';
import { InvalidInputError } from '@image-organizer/platform/errors';

/** One page. @throws InvalidInputError when the cursor is not of this list */
export async function listImages(catalog: Catalog, query: ImageListQuery) {
  try {
    return await catalog.listImages(query);
  } catch (error) {
    if (!(error instanceof InvalidCursorError)) throw error;
    const detail = 'is no cursor of this list: begin again without one';
    throw new InvalidInputError(`The query has wrong parameters: cursor ${detail}.`, [
      { field: 'cursor', detail },
    ]);
  }
}
