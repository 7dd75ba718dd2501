import type { ImageListQuery } from '@image-organizer/adapters/catalog/catalog';
import { presentPath } from '@image-organizer/adapters/catalog/former-paths';
import type { FolderRecord } from '@image-organizer/adapters/catalog/records';
import { relocateImage } from '@image-organizer/pipeline/relocate-image';
import { plainText, type CorrectionDependencies } from './correct-image.ts';
import { FolderNotFoundError } from './export-images.ts';
import { FolderNotEmptyError } from './folder-errors.ts';
import { planMove, sameFolder, type FolderMove } from './folder-tree.ts';
import { folderPathOf } from './open-folder.ts';

type Person = { id: string; email: string };

const pageSize = 100;
/** Images at once: each waits for the store most of the time. */
const concurrency = 4;

/**
 * Renames a folder with all below it, describes it, or both. Whoever is killed meanwhile calls again: it goes on.
 * @throws FolderNotFoundError @throws FolderExistsError @throws InvalidInputError
 */
export async function changeFolder(
  dependencies: CorrectionDependencies,
  person: Person,
  named: string,
  { newPath, description }: { newPath?: string; description?: string },
): Promise<FolderRecord> {
  const { catalog } = dependencies;
  const path = folderPathOf(named, 'path');
  const to = newPath === undefined ? path : folderPathOf(newPath, 'newPath');
  if (to !== path) await moveAll(dependencies, person, path, to, { mayExist: false });
  const folder = await requireFolder(dependencies, person, to);
  if (description === undefined) return folder;
  await catalog.describeFolder({
    ownerId: person.id,
    path: folder.path,
    description: plainText(description),
  });
  return requireFolder(dependencies, person, folder.path);
}

/** Moves all of one folder into another one. @throws FolderNotFoundError @throws InvalidInputError */
export async function mergeFolders(
  dependencies: CorrectionDependencies,
  person: Person,
  { from, into }: { from: string; into: string },
): Promise<FolderRecord> {
  const target = await requireFolder(dependencies, person, folderPathOf(into, 'into'));
  await moveAll(dependencies, person, folderPathOf(from, 'from'), target.path, { mayExist: true });
  return requireFolder(dependencies, person, target.path);
}

/** Removes an empty folder, with the empty ones below it. @throws FolderNotFoundError @throws FolderNotEmptyError */
export async function removeFolder(
  dependencies: CorrectionDependencies,
  person: Person,
  named: string,
): Promise<void> {
  const { path } = await requireFolder(dependencies, person, folderPathOf(named, 'path'));
  const count = await dependencies.catalog.removeFolder(person.id, path);
  if (count > 0) throw new FolderNotEmptyError(count);
}

async function requireFolder({ catalog }: CorrectionDependencies, person: Person, path: string) {
  const folder = sameFolder(await catalog.listFolders(person.id), path);
  if (!folder) throw new FolderNotFoundError();
  return folder;
}

/** The folders first: from then on nobody brings anything to the old paths, and what is on its way there follows. */
async function moveAll(
  dependencies: CorrectionDependencies,
  person: Person,
  from: string,
  to: string,
  options: { mayExist: boolean },
): Promise<void> {
  const { catalog, clock } = dependencies;
  const ownerId = person.id;
  const move = planMove(await catalog.listFolders(ownerId), { from, to }, options);
  for (const folder of move.folders) await catalog.moveFolder({ ownerId, ...folder, now: clock.now() });
  await moveImages(dependencies, person, move);
  for (const folder of move.folders) await catalog.refreshFolder(ownerId, folder.to);
}

/** In the trash too: what is restored shall find its folder. */
async function moveImages(
  dependencies: CorrectionDependencies,
  person: Person,
  { sources }: FolderMove,
): Promise<void> {
  const folders = await dependencies.catalog.listFolders(person.id);
  const pathNow = (folder: string) => presentPath(folder, folders);
  for (const folder of sources) {
    const all = { ownerId: person.id, folder, limit: pageSize };
    for (const query of [
      { ...all, sort: 'uploadedAt' },
      { ...all, trashed: true, sort: '-deletedAt' },
    ] satisfies ImageListQuery[]) {
      for await (const ids of idsOf(dependencies, query))
        await Promise.all(
          ids.map((imageId) => relocateImage(dependencies, { imageId, pathNow, by: person.email })),
        );
    }
  }
}

async function* idsOf({ catalog }: CorrectionDependencies, query: ImageListQuery): AsyncGenerator<string[]> {
  let cursor: string | null = null;
  do {
    const page = await catalog.listImages({ ...query, ...(cursor !== null && { cursor }) });
    const ids = page.items.map(({ id }) => id);
    while (ids.length > 0) yield ids.splice(0, concurrency);
    cursor = page.nextCursor;
  } while (cursor !== null);
}
