import type { LibraryCatalog } from '../catalog.ts';
import { imageFields, toImage } from './documents.ts';
import type { Store } from './store.ts';

/** Single images. */
export const createLibrary = (store: Store): Pick<LibraryCatalog, 'getImage' | 'findImages'> => ({
  getImage: (ownerId, imageId) =>
    store.run(async ({ images }) => {
      const found = await images.findOne(
        { _id: imageId, ownerId, deletedAt: null },
        { projection: imageFields },
      );
      return found ? toImage(found) : undefined;
    }),
  findImages: (imageIds) =>
    store.run(async ({ images }) => {
      const found = images.find({ _id: { $in: imageIds } }, { projection: imageFields });
      return (await found.toArray()).map(toImage);
    }),
});
