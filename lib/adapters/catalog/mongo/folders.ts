import type { LibraryCatalog } from '../catalog.ts';
import { commonWords, learnedFromImages } from '../common-words.ts';
import { nameKey } from '../cursor.ts';
import { firstFreeFilename, splitFilename } from '../free-filename.ts';
import type { FolderRecord } from '../records.ts';
import type { FolderDocument } from './documents.ts';
import { insertIfNew, type Collections, type Store } from './store.ts';

type Folders = Pick<LibraryCatalog, 'listFolders' | 'ensureFolder' | 'refreshFolder' | 'freeFilename'>;

/** A person's folders and what is typical of them. */
export const createFolders = (store: Store): Folders => ({
  listFolders: (ownerId) =>
    store.run(async (collections) => {
      const documents = await collections.folders.find({ ownerId }, { sort: { path: 1 } }).toArray();
      const counts = await imagesByFolder(collections, ownerId);
      return documents.map((document) => toFolder(document, counts.get(document.path) ?? 0));
    }),
  ensureFolder: ({ ownerId, path, description, commonWords, createdBy, now }) =>
    store.run(async ({ folders, images }) => {
      const initial = { description, commonWords, initialWords: commonWords, createdBy, createdAt: now };
      await insertIfNew(() =>
        folders.updateOne({ ownerId, path }, { $setOnInsert: initial }, { upsert: true }),
      );
      const document = await folders.findOne({ ownerId, path });
      const count = await images.countDocuments({ ownerId, 'placement.folder': path, deletedAt: null });
      return toFolder(document!, count);
    }),
  refreshFolder: (ownerId, path) =>
    store.run(async (collections) => {
      const folder = await collections.folders.findOne({ ownerId, path });
      if (!folder) return;
      const words = commonWords(await newestImages(collections, ownerId, path), folder.initialWords);
      await collections.folders.updateOne({ ownerId, path }, { $set: { commonWords: words } });
    }),
  freeFilename: (request) =>
    store.run(async (collections) =>
      firstFreeFilename(request.filename, await namesLike(collections, request)),
    ),
});

async function imagesByFolder({ images }: Collections, ownerId: string): Promise<Map<string, number>> {
  const groups = await images
    .aggregate<{ _id: string; count: number }>([
      { $match: { ownerId, 'placement.folder': { $gt: '' }, deletedAt: null } },
      { $group: { _id: '$placement.folder', count: { $sum: 1 } } },
    ])
    .toArray();
  return new Map(groups.map(({ _id, count }) => [_id, count]));
}

const newestImages = ({ images }: Collections, ownerId: string, path: string) =>
  images
    .find(
      { ownerId, 'placement.folder': path, deletedAt: null },
      {
        sort: { uploadedAt: -1, _id: -1 },
        limit: learnedFromImages,
        projection: { caption: 1, tags: 1, text: 1 },
      },
    )
    .toArray();

/** Which of `name.ext` and `name (….ext` other images of the folder have. */
async function namesLike(
  { images }: Collections,
  { ownerId, folder, filename, imageId }: Parameters<LibraryCatalog['freeFilename']>[0],
): Promise<Set<string>> {
  const numbered = nameKey(`${splitFilename(filename).stem} (`);
  const afterNumbered = `${numbered.slice(0, -1)})`; // ) follows ( in Unicode
  const documents = await images
    .find(
      {
        ...{ ownerId, 'placement.folder': folder, deletedAt: null, _id: { $ne: imageId } },
        $or: [{ placedName: nameKey(filename) }, { placedName: { $gte: numbered, $lt: afterNumbered } }],
      },
      { projection: { placedName: 1 } },
    )
    .toArray();
  return new Set(documents.map(({ placedName }) => placedName!));
}

const toFolder = (
  { ownerId, path, description, commonWords, createdBy }: FolderDocument,
  count: number,
): FolderRecord => ({ ownerId, path, description, commonWords, createdBy, count });
