import { united, type FolderChangeCatalog, type FolderContent } from '../folder-changes.ts';
import { followSigns, pathAndAbove } from '../former-paths.ts';
import type { Database } from '../../sqlite/database.ts';

/** What of a folder's row is read here. */
interface StoredFolder {
  path: string;
  description: string;
  common_words: string;
  initial_words: string;
  created_by: FolderContent['createdBy'];
  moved_to: string | null;
}

const below = 'path >= :belowFolder AND path < :afterFolder';
const rangeBelow = (path: string) => ({ belowFolder: `${path}/`, afterFolder: `${path}0` }); // 0 follows / in Unicode

/** What people do with folders: moving, describing, removing. */
export const createFolderChanges = (database: Database): FolderChangeCatalog => ({
  moveFolder: async (move) => database.transaction(() => moveFolder(database, move)),
  describeFolder: async (described) =>
    database.run(
      `UPDATE folders SET description = :description
       WHERE owner_id = :ownerId AND path = :path AND moved_to IS NULL`,
      described,
    ) === 1,
  removeFolder: async (ownerId, path) =>
    database.transaction(() => {
      const values = { ownerId, path, ...rangeBelow(path) };
      const { count } = database.get<{ count: number }>(
        `SELECT (SELECT count(*) FROM images WHERE owner_id = :ownerId AND folder = :path AND deleted_at IS NULL)
           + (SELECT count(*) FROM images WHERE owner_id = :ownerId AND folder >= :belowFolder
              AND folder < :afterFolder AND deleted_at IS NULL) AS count`,
        values,
      )!;
      if (count > 0) return count;
      const gone = `(path = :path OR ${below}) AND moved_to IS NULL`;
      database.run(
        `DELETE FROM folders WHERE owner_id = :ownerId
         AND moved_to IN (SELECT path FROM folders WHERE owner_id = :ownerId AND ${gone})`,
        values,
      );
      database.run(`DELETE FROM folders WHERE owner_id = :ownerId AND ${gone}`, values);
      return 0;
    }),
});

/** The path that a folder with this one is to be found, or made, at. */
export const pathBySigns = (database: Database, ownerId: string, path: string): string =>
  followSigns(
    path,
    database
      .all<StoredFolder>(
        'SELECT * FROM folders WHERE owner_id = :ownerId AND path IN (SELECT value FROM json_each(:paths))',
        { ownerId, paths: JSON.stringify(pathAndAbove(path)) },
      )
      .map((row) => ({ path: row.path, movedTo: row.moved_to })),
  );

function moveFolder(
  database: Database,
  { ownerId, from, to, now }: Parameters<FolderChangeCatalog['moveFolder']>[0],
): void {
  const find = (path: string) =>
    database.get<StoredFolder>('SELECT * FROM folders WHERE owner_id = :ownerId AND path = :path', {
      ownerId,
      path,
    });
  const [source, target] = [find(from), find(to)];
  const content = united(
    source && contentOf(source),
    target && target.moved_to === null ? contentOf(target) : undefined,
  );
  const put = (path: string, movedTo: string | null) =>
    database.run(
      `INSERT INTO folders (owner_id, path, description, common_words, initial_words, created_by, created_at, moved_to)
       VALUES (:ownerId, :path, :description, :commonWords, :initialWords, :createdBy, :now, :movedTo)
       ON CONFLICT (owner_id, path) DO UPDATE SET description = excluded.description, moved_to = excluded.moved_to,
         common_words = excluded.common_words, initial_words = excluded.initial_words, created_by = excluded.created_by`,
      {
        ...{ ownerId, path, movedTo, description: content.description, createdBy: content.createdBy },
        commonWords: JSON.stringify(content.commonWords),
        initialWords: JSON.stringify(content.initialWords),
        now: now.toISOString(),
      },
    );
  put(from, to);
  put(to, null);
  database.run('UPDATE folders SET moved_to = :to WHERE owner_id = :ownerId AND moved_to = :from', {
    ...{ ownerId, from, to },
  });
}

const contentOf = (row: StoredFolder): FolderContent => ({
  description: row.description,
  createdBy: row.created_by,
  commonWords: JSON.parse(row.common_words) as string[],
  initialWords: JSON.parse(row.initial_words) as string[],
});
