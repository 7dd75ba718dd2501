import type { Decision } from '@image-organizer/contracts/decision';
import { unsortedFolder } from '@image-organizer/contracts/folder-path';
import type { FolderProfile } from './classifier.ts';

type Target = Pick<Decision, 'isNewDir' | 'toDir' | 'description' | 'commonWords'>;

/** The folder as the organizer is told of it: described only where it is new. */
export function target(
  path: string,
  folders: FolderProfile[],
  proposed: Pick<FolderProfile, 'description' | 'commonWords'>,
): Target {
  const isNewDir = !folders.some((folder) => folder.path === path);
  return {
    isNewDir,
    toDir: path,
    description: isNewDir ? proposed.description : null,
    commonWords: isNewDir ? proposed.commonWords : [],
  };
}

/** Where an image waits for a person. */
export const targetUnsorted = (folders: FolderProfile[]): Target =>
  target(unsortedFolder, folders, {
    description: 'Images to look at: nothing said clearly where they go',
    commonWords: [],
  });
