import type { LibraryCatalog } from '../catalog.ts';
import { commonWords, learnedFromImages } from '../common-words.ts';
import { nameKey } from '../cursor.ts';
import { withFormerPaths } from '../former-paths.ts';
import { firstFreeFilename, splitFilename } from '../free-filename.ts';
import type { FolderRecord } from '../records.ts';
import type { FolderDocument } from './documents.ts';
import { pathBySigns } from './folder-changes.ts';
import { insertIfNew, type Collections, type Store } from './store.ts';
import { folderKey } from './tally-counts.ts';

type Folders = Pick<LibraryCatalog, 'listFolders' | 'ensureFolder' | 'refreshFolder' | 'freeFilename'>;

/** A person's folders and what is typical of them. */
export const createFolders = (store: Store): Folders => ({
  async listFolders(ownerId) {
    const { folders: counts = {} } = await store.tallies.of(ownerId);
    return store.run(async (collections) => {
      const documents = await collections.folders.find({ ownerId }, { sort: { path: 1 } }).toArray();
      const stored = documents.map((document) => ({ ...document, movedTo: document.movedTo ?? null }));
      return withFormerPaths(stored).map(({ folder, formerPaths }) =>
        toFolder(folder, counts[folderKey(folder.path)] ?? 0, formerPaths),
      );
    });
  },
  ensureFolder: ({ ownerId, path: named, description, commonWords, createdBy, now, revive }) =>
    store.run(async (collections) => {
      const { folders, images } = collections;
      const path = revive ? named : await pathBySigns(collections, ownerId, named);
      const initial = { description, commonWords, initialWords: commonWords, createdBy, createdAt: now };
      await insertIfNew(() =>
        folders.updateOne({ ownerId, path }, { $setOnInsert: initial }, { upsert: true }),
      );
      if (revive) {
        const sign = { ownerId, path, movedTo: { $gt: '' } };
        await folders.updateOne(sign, { $set: { ...initial, movedTo: null } });
      }
      const document = await folders.findOne({ ownerId, path });
      const count = await images.countDocuments({ ownerId, 'placement.folder': path, deletedAt: null });
      return toFolder(document!, count);
    }),
  refreshFolder: (ownerId, path) =>
    store.run(async (collections) => {
      const folder = await collections.folders.findOne({ ownerId, path, movedTo: null });
      if (!folder) return false;
      const words = commonWords(await newestImages(collections, ownerId, path), folder.initialWords);
      await collections.folders.updateOne({ ownerId, path }, { $set: { commonWords: words } });
      return true;
    }),
  freeFilename: (request) =>
    store.run(async (collections) =>
      firstFreeFilename(request.filename, await namesLike(collections, request)),
    ),
});

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
  formerPaths: string[] = [],
): FolderRecord => ({
  ...{ ownerId, path, description, commonWords, createdBy, count },
  ...(formerPaths.length > 0 && { formerPaths }),
});
