import type { FolderRecord } from '@image-organizer/adapters/catalog/records';
import type { Folder } from '@image-organizer/contracts/http/folder';

/** A folder as its owner sees it. */
export const folderView = ({ path, description, commonWords, count, createdBy }: FolderRecord): Folder => ({
  path,
  description,
  commonWords,
  count,
  createdBy,
});
