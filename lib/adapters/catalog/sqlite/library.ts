import type { LibraryCatalog } from '../catalog.ts';
import type { Database } from '../../sqlite/database.ts';
import { imageTable, toImage } from './images.ts';

/** Single images. */
export function createLibrary(database: Database): Pick<LibraryCatalog, 'getImage' | 'findImages'> {
  const images = imageTable(database);
  return {
    async getImage(ownerId, imageId) {
      const image = images.find(imageId);
      return image?.ownerId === ownerId && !image.deletedAt ? image : undefined;
    },
    async findImages(imageIds) {
      return database
        .all<{ doc: string }>('SELECT doc FROM images WHERE id IN (SELECT value FROM json_each(:ids))', {
          ids: JSON.stringify(imageIds),
        })
        .map(({ doc }) => toImage(doc));
    },
  };
}
