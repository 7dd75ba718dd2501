import { united, type FolderChangeCatalog } from '../folder-changes.ts';
import { followSigns, pathAndAbove } from '../former-paths.ts';
import type { FolderDocument } from './documents.ts';
import { insertIfNew, type Collections, type Store } from './store.ts';

const below = (path: string) => ({ $gte: `${path}/`, $lt: `${path}0` }); // 0 follows / in Unicode

/** What people do with folders: moving, describing, removing. */
export const createFolderChanges = (store: Store): FolderChangeCatalog => ({
  moveFolder: (move) => store.run((collections) => moveFolder(collections, move)),
  describeFolder: ({ ownerId, path, description }) =>
    store.run(async ({ folders }) => {
      const folder = { ownerId, path, movedTo: null };
      return (await folders.updateOne(folder, { $set: { description } })).matchedCount === 1;
    }),
  removeFolder: (ownerId, path) =>
    store.run(async ({ folders, images }) => {
      const inFolder = (folder: object | string) =>
        images.countDocuments({ ownerId, 'placement.folder': folder, deletedAt: null });
      const count = (await inFolder(path)) + (await inFolder(below(path)));
      if (count > 0) return count;
      const gone = { ownerId, movedTo: null, $or: [{ path }, { path: below(path) }] };
      const paths = (await folders.find(gone, { projection: { path: 1 } }).toArray()).map(
        (document) => document.path,
      );
      await folders.deleteMany({ ownerId, movedTo: { $in: paths } });
      await folders.deleteMany(gone);
      return 0;
    }),
});

/** The path that a folder with this one is to be found, or made, at; and what is stored on the way there. */
export async function pathBySigns({ folders }: Collections, ownerId: string, path: string): Promise<string> {
  const stored = await folders
    .find({ ownerId, path: { $in: pathAndAbove(path) } }, { projection: { path: 1, movedTo: 1 } })
    .toArray();
  return followSigns(
    path,
    stored.map((document) => ({ path: document.path, movedTo: document.movedTo ?? null })),
  );
}

/** The sign goes up first: who calls again after a crash is known by it. It keeps the content until the target has it. */
async function moveFolder(
  { folders }: Collections,
  { ownerId, from, to, now }: Parameters<FolderChangeCatalog['moveFolder']>[0],
): Promise<void> {
  const find = (path: string) => folders.findOne({ ownerId, path });
  const [source, target] = [await find(from), await find(to)];
  const content = united(source ?? undefined, target && !target.movedTo ? target : undefined);
  const put = async (path: string, movedTo: string | null) => {
    const set: Partial<FolderDocument> = { ...content, movedTo };
    await insertIfNew(() =>
      folders.updateOne({ ownerId, path }, { $set: set, $setOnInsert: { createdAt: now } }, { upsert: true }),
    );
  };
  await put(from, to);
  await put(to, null);
  await folders.updateMany({ ownerId, movedTo: from }, { $set: { movedTo: to } });
}
