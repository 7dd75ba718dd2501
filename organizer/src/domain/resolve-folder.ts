import { cleanFolderPath, folderLimits, unsortedFolder } from '@image-organizer/contracts/folder-path';
import type { Decision } from '@image-organizer/contracts/decision';
import { presentPath } from '@image-organizer/adapters/catalog/former-paths';
import type { FolderRecord } from '@image-organizer/adapters/catalog/records';
import { findSimilarFolder } from './similar-folder.ts';

export interface ResolvedFolder {
  path: string;
  /** Why it is another folder than the decision's, in words; null when it is that one. */
  changed: string | null;
}

/**
 * The folder an image really goes to. The decision is checked again, whoever made it: a safe path, an existing folder
 * instead of a near twin, and no more folders than a catalogue may have.
 * @param requestedFolder a human's word: taken as it is, but for the case of a folder that exists and a renamed folder's path
 */
export function resolveFolder(
  decision: Pick<Decision, 'toDir' | 'commonWords'>,
  folders: FolderRecord[],
  requestedFolder: string | null,
): ResolvedFolder {
  const named = cleanFolderPath(requestedFolder ?? decision.toDir) || unsortedFolder;
  const path = presentPath(named, folders);
  const same = folders.find((folder) => folder.path.toLowerCase() === path.toLowerCase());
  if (same) return { path: same.path, changed: path === named ? null : `"${named}" is "${same.path}" now.` };
  if (requestedFolder) return { path, changed: null };
  const similar = findSimilarFolder({ path, commonWords: decision.commonWords }, folders);
  if (similar)
    return { path: similar.path, changed: `"${path}" is nearly the same as the folder "${similar.path}".` };
  if (folders.length >= folderLimits.perOwner && path !== unsortedFolder) {
    return {
      path: unsortedFolder,
      changed: `There are ${folders.length} folders already, so "${path}" was not made.`,
    };
  }
  return { path, changed: null };
}
