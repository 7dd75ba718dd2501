import type { Database } from '../../sqlite/database.ts';
import type { Change, ChangeCatalog } from '../changes.ts';

/** Triggers keep table changes: no writer can forget it. */
export const createChanges = (database: Database): ChangeCatalog => ({
  async listChanges({ ownerId, since, limit }) {
    return database
      .all<{ kind: Change['kind']; id: string; changedAt: string }>(
        `SELECT kind, id, changed_at AS changedAt FROM changes WHERE owner_id = :ownerId AND changed_at >= :since
         ORDER BY changed_at LIMIT :limit`,
        { ownerId, since: since.toISOString(), limit },
      )
      .map((row) => ({ ...row, changedAt: new Date(row.changedAt) }));
  },
});
