import type { FolderRecord } from '@image-organizer/adapters/catalog/records';
import { folderLimits, unsortedFolder } from '@image-organizer/contracts/folder-path';
import { InvalidInputError } from '@image-organizer/platform/errors';
import { FolderNotFoundError } from './export-images.ts';
import { FolderExistsError } from './folder-errors.ts';

/** What is to be moved where. */
export interface FolderMove {
  /** Paths as they are, that of the moved folder first, though it need not be a folder itself: only some below it. */
  folders: { from: string; to: string }[];
  /** Folders whose images are looked through: the moved one, and what earlier moves may have left behind. */
  sources: string[];
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const isBelow = (path: string, above: string) => path.toLowerCase().startsWith(`${above.toLowerCase()}/`);
const isWithin = (path: string, above: string) => isSame(path, above) || isBelow(path, above);

/** The folder with the path, in whatever case. */
export const sameFolder = (folders: FolderRecord[], path: string): FolderRecord | undefined =>
  folders.find((folder) => isSame(folder.path, path));

/**
 * Checks a move, which may have been begun already: then it goes on.
 * @param options.mayExist whether the target may be a folder: merging
 * @throws FolderNotFoundError @throws FolderExistsError @throws InvalidInputError
 */
export function planMove(
  folders: FolderRecord[],
  { from: named, to }: { from: string; to: string },
  { mayExist }: { mayExist: boolean },
): FolderMove {
  const tree = folders.filter(({ path }) => isWithin(path, named));
  const target = sameFolder(folders, to);
  const begun = target?.formerPaths?.find((former) => isSame(former, named));
  const from = tree[0]?.path.slice(0, named.length) ?? begun;
  if (from === undefined) throw new FolderNotFoundError();
  const nonsense = nonsenseOf(from, to, tree);
  if (nonsense) throw wrongTarget(mayExist ? 'into' : 'newPath', nonsense);
  const others = folders.filter((folder) => !tree.includes(folder));
  if (!mayExist && begun === undefined && others.some(({ path }) => isWithin(path, to)))
    throw new FolderExistsError(to);
  const root = mayExist && target ? target.path : to;
  return {
    folders: [
      { from, to: root },
      ...tree
        .filter(({ path }) => path !== from)
        .map(({ path }) => ({ from: path, to: root + path.slice(from.length) })),
    ],
    sources: [from, ...(sameFolder(tree, from)?.formerPaths ?? [])],
  };
}

function nonsenseOf(from: string, to: string, tree: FolderRecord[]): string | undefined {
  if (from === to) return 'it is the folder itself';
  if (isBelow(to, from)) return 'it is below the folder itself';
  if (isSame(from, unsortedFolder)) return `"${unsortedFolder}" stays where it is, for images wait there`;
  const depth = (path: string) => path.split('/').length;
  const deepest = Math.max(...tree.map(({ path }) => depth(path)), depth(from)) - depth(from) + depth(to);
  return deepest > folderLimits.depth ? `folders have at most ${folderLimits.depth} levels` : undefined;
}

const wrongTarget = (field: string, detail: string) =>
  new InvalidInputError(`The folder cannot be moved there: ${detail}.`, [{ field, detail }]);
