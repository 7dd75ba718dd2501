import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { cleanFolderPath } from '@image-organizer/contracts/folder-path';
import type { Clock } from '@image-organizer/platform/clock';
import { InvalidInputError } from '@image-organizer/platform/errors';

/**
 * The folder a person names: safe segments, in the case of one that exists; made where there is none.
 * @returns its path
 * @throws InvalidInputError when nothing of the path can be a name
 */
export async function openFolder(
  { catalog, clock }: { catalog: Catalog; clock: Clock },
  ownerId: string,
  named: string,
): Promise<string> {
  const path = folderPathOf(named, 'folder');
  const folders = await catalog.listFolders(ownerId);
  const same = folders.find((folder) => folder.path.toLowerCase() === path.toLowerCase());
  if (same) return same.path;
  const now = clock.now();
  await catalog.ensureFolder({
    ownerId,
    path,
    description: '',
    commonWords: [],
    createdBy: 'user',
    now,
    revive: true,
  });
  return path;
}

/** @param field where a person named it. @throws InvalidInputError when nothing of the path can be a name */
export function folderPathOf(named: string, field: string): string {
  const path = cleanFolderPath(named.toWellFormed());
  if (path !== '') return path;
  const detail = 'nothing of it can be the name of a folder';
  throw new InvalidInputError(`The folder is wrong: ${detail}.`, [{ field, detail }]);
}
