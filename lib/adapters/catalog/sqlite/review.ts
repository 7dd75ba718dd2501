import { cursorAfter, positionOf } from '../cursor.ts';
import { reviewSort, type ReviewCatalog } from '../review.ts';
import type { Database } from '../../sqlite/database.ts';
import { toImage } from './images.ts';

const waiting = 'owner_id = :ownerId AND waits AND deleted_at IS NULL';

/** Images that wait for a person: the index of the column `waits`. */
export const createReview = (database: Database): ReviewCatalog => ({
  async listReview({ ownerId, limit, cursor }) {
    const position = cursor === undefined ? undefined : positionOf(cursor, reviewSort);
    const rows = database.all<{ doc: string }>(
      `SELECT doc FROM images WHERE ${waiting}
       ${position ? 'AND (uploaded_at, id) > (:key, :id)' : ''} ORDER BY uploaded_at, id LIMIT :limit`,
      { ownerId, limit: limit + 1, ...position }, // the one too many tells of a next page
    );
    const items = rows.slice(0, limit).map(({ doc }) => toImage(doc));
    return { items, nextCursor: rows.length > limit ? cursorAfter(items.at(-1)!, reviewSort) : null };
  },
  async countReview(ownerId, atMost) {
    return database.get<{ count: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 FROM images WHERE ${waiting} LIMIT :atMost)`,
      { ownerId, atMost },
    )!.count;
  },
});
