import type { FolderRecord } from './records.ts';

/** The path and those above it, the longest first: A/B/C, A/B, A. */
export const pathAndAbove = (path: string): string[] => {
  const segments = path.split('/');
  return segments.map((_, index) => segments.slice(0, segments.length - index).join('/'));
};

/**
 * Where a path leads now: itself, unless it, or the nearest folder above it, was renamed or merged into another one.
 * Nothing is made of a path that nobody has had.
 * @param folders all of the owner's
 */
export function presentPath(path: string, folders: Pick<FolderRecord, 'path' | 'formerPaths'>[]): string {
  const lookups = [(text: string) => text, (text: string) => text.toLowerCase()].map((fold) => ({
    fold,
    present: new Set(folders.map((folder) => fold(folder.path))),
    moved: new Map(
      folders.flatMap((folder) => (folder.formerPaths ?? []).map((former) => [fold(former), folder.path])),
    ),
  }));
  for (const above of pathAndAbove(path)) {
    for (const { fold, present, moved } of lookups) {
      if (present.has(fold(above))) return path;
      const target = moved.get(fold(above));
      if (target !== undefined) return target + path.slice(above.length);
    }
  }
  return path;
}

/** A folder as it is stored; one that has moved is kept as a sign that says where to. */
interface StoredPath {
  path: string;
  movedTo: string | null;
}

/** The folders of these that are there, each with the paths that lead to it. */
export const withFormerPaths = <Stored extends StoredPath>(
  stored: Stored[],
): { folder: Stored; formerPaths: string[] }[] => {
  const signs = Map.groupBy(
    stored.filter(({ movedTo }) => movedTo !== null),
    ({ movedTo }) => movedTo,
  );
  return stored
    .filter(({ movedTo }) => movedTo === null)
    .map((folder) => ({ folder, formerPaths: (signs.get(folder.path) ?? []).map(({ path }) => path) }));
};

/** As `presentPath`, asked of the few stored folders that have the path or one above it. */
export const followSigns = (path: string, stored: StoredPath[]): string =>
  presentPath(
    path,
    stored.map((each) =>
      each.movedTo === null ? { path: each.path } : { path: each.movedTo, formerPaths: [each.path] },
    ),
  );
