import type { LibraryCatalog } from '../catalog.ts';
import { commonWords, learnedFromImages } from '../common-words.ts';
import { nameKey } from '../cursor.ts';
import { withFormerPaths } from '../former-paths.ts';
import { firstFreeFilename, splitFilename } from '../free-filename.ts';
import type { FolderRecord } from '../records.ts';
import type { Database } from '../../sqlite/database.ts';
import { pathBySigns } from './folder-changes.ts';
import { toImage } from './images.ts';

type Folders = Pick<LibraryCatalog, 'listFolders' | 'ensureFolder' | 'refreshFolder' | 'freeFilename'>;

interface FolderRow {
  owner_id: string;
  path: string;
  description: string;
  common_words: string;
  created_by: FolderRecord['createdBy'];
  moved_to: string | null;
  count: number;
}

const selectFolders = `SELECT folders.*, coalesce((
    SELECT images FROM folder_tallies WHERE owner_id = folders.owner_id AND folder = folders.path
  ), 0) AS count FROM folders WHERE owner_id = :ownerId`;

type Listed = { folder: FolderRow; formerPaths?: string[] };

/** A person's folders and what is typical of them. */
export const createFolders = (database: Database): Folders => ({
  async listFolders(ownerId) {
    const rows = database.all<FolderRow>(`${selectFolders} ORDER BY path`, { ownerId });
    return withFormerPaths(rows.map((row) => ({ ...row, movedTo: row.moved_to }))).map(toFolder);
  },
  async ensureFolder({ ownerId, path: named, description, commonWords, createdBy, now, revive }) {
    const path = revive ? named : pathBySigns(database, ownerId, named);
    database.run(
      `INSERT INTO folders
       VALUES (:ownerId, :path, :description, :commonWords, :commonWords, :createdBy, :createdAt, NULL)
       ON CONFLICT (owner_id, path) DO UPDATE SET description = excluded.description, moved_to = NULL,
         common_words = excluded.common_words, initial_words = excluded.initial_words, created_by = excluded.created_by
       WHERE moved_to IS NOT NULL`,
      {
        ownerId,
        path,
        description,
        commonWords: JSON.stringify(commonWords),
        createdBy,
        createdAt: now.toISOString(),
      },
    );
    const folder = database.get<FolderRow>(`${selectFolders} AND path = :path`, { ownerId, path })!;
    return toFolder({ folder });
  },
  async refreshFolder(ownerId, path) {
    return database.transaction(() => {
      const folder = database.get<{ initial_words: string }>(
        'SELECT initial_words FROM folders WHERE owner_id = :ownerId AND path = :path AND moved_to IS NULL',
        { ownerId, path },
      );
      if (!folder) return false;
      const words = commonWords(
        newestImages(database, ownerId, path),
        JSON.parse(folder.initial_words) as string[],
      );
      database.run('UPDATE folders SET common_words = :words WHERE owner_id = :ownerId AND path = :path', {
        ownerId,
        path,
        words: JSON.stringify(words),
      });
      return true;
    });
  },
  freeFilename: async ({ ownerId, folder, filename, imageId }) =>
    firstFreeFilename(filename, namesLike(database, { ownerId, folder, filename, imageId })),
});

const newestImages = (database: Database, ownerId: string, path: string) =>
  database
    .all<{ doc: string }>(
      `SELECT doc FROM images WHERE owner_id = :ownerId AND folder = :path AND deleted_at IS NULL
       ORDER BY uploaded_at DESC, id DESC LIMIT :limit`,
      { ownerId, path, limit: learnedFromImages },
    )
    .map(({ doc }) => toImage(doc));

/** Which of `name.ext` and `name (….ext` other images of the folder have. */
function namesLike(
  database: Database,
  {
    ownerId,
    folder,
    filename,
    imageId,
  }: { ownerId: string; folder: string; filename: string; imageId: string },
): Set<string> {
  const numbered = nameKey(`${splitFilename(filename).stem} (`);
  const rows = database.all<{ name: string }>(
    `SELECT placed_name AS name FROM images
     WHERE owner_id = :ownerId AND folder = :folder AND deleted_at IS NULL AND id <> :imageId
       AND (placed_name = :name OR placed_name >= :numbered AND placed_name < :afterNumbered)`,
    // ) follows ( in Unicode
    {
      ownerId,
      folder,
      imageId,
      name: nameKey(filename),
      numbered,
      afterNumbered: `${numbered.slice(0, -1)})`,
    },
  );
  return new Set(rows.map(({ name }) => name));
}

const toFolder = ({ folder: row, formerPaths = [] }: Listed): FolderRecord => ({
  ownerId: row.owner_id,
  path: row.path,
  description: row.description,
  commonWords: JSON.parse(row.common_words) as string[],
  createdBy: row.created_by,
  count: row.count,
  ...(formerPaths.length > 0 && { formerPaths }),
});
