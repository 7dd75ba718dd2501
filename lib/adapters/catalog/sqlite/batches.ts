import type { UploadCatalog } from '../catalog.ts';
import type { BatchRecord } from '../records.ts';
import type { Database } from '../../sqlite/database.ts';
import { toDate } from './images.ts';
import { recordEvent } from './outbox.ts';

type Batches = Pick<
  UploadCatalog,
  'openBatch' | 'sealBatch' | 'settleBatch' | 'getBatch' | 'unfinishedBatches'
>;

export interface BatchRow {
  id: string;
  kind: BatchRecord['kind'];
  callback_url: string | null;
  owner_id: string;
  owner_email: string;
  status: BatchRecord['status'];
  notify: number;
  request_id: string | null;
  created_at: string;
  completed_at: string | null;
}

const isUnsettled = `EXISTS (
  SELECT 1 FROM images WHERE batch_id = batches.id AND deleted_at IS NULL AND status IN ('queued', 'processing'))`;

/** Images that arrived together. */
export const createBatches = (database: Database): Batches => ({
  async openBatch(batch) {
    const { id, ownerId, idempotencyKey } = batch;
    const row = database.transaction(() => {
      database.run(
        `INSERT INTO batches (id, kind, owner_id, owner_email, idempotency_key, status, notify, callback_url, request_id,
           created_at, expires_at)
         VALUES (:id, :kind, :ownerId, :ownerEmail, :idempotencyKey, 'receiving', :notify, :callbackUrl, :requestId,
           :createdAt, :expiresAt)
         ON CONFLICT (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING`,
        {
          id,
          kind: batch.kind,
          ownerId,
          ownerEmail: batch.ownerEmail,
          idempotencyKey,
          notify: Number(batch.notify),
          callbackUrl: batch.callbackUrl,
          requestId: batch.requestId,
          createdAt: batch.createdAt.toISOString(),
          expiresAt: batch.expiresAt.toISOString(),
        },
      );
      return idempotencyKey === null
        ? database.get<BatchRow>('SELECT * FROM batches WHERE id = :id', { id })
        : database.get<BatchRow>(
            'SELECT * FROM batches WHERE owner_id = :ownerId AND idempotency_key = :idempotencyKey',
            {
              ownerId,
              idempotencyKey,
            },
          );
    });
    return toBatch(database, row!);
  },
  async sealBatch(id) {
    database.transaction(() => {
      database.run(
        `DELETE FROM batches WHERE id = :id AND kind = 'upload' AND status = 'receiving'
         AND NOT EXISTS (SELECT 1 FROM images WHERE batch_id = batches.id)`,
        { id },
      );
      database.run(`UPDATE batches SET status = 'open' WHERE id = :id AND status = 'receiving'`, { id });
    });
  },
  settleBatch: async (id, now, event) =>
    database.transaction(() => {
      const changed = database.run(
        `UPDATE batches SET status = 'completed', completed_at = :now, touched_at = :now
         WHERE id = :id AND status = 'open' AND NOT ${isUnsettled}`,
        { id, now: now.toISOString() },
      );
      if (changed === 1) recordEvent(database, id, event);
      return changed === 1;
    }),
  async getBatch(ownerId, id) {
    const row = database.get<BatchRow>('SELECT * FROM batches WHERE id = :id AND owner_id = :ownerId', {
      id,
      ownerId,
    });
    return row && toBatch(database, row);
  },
  async unfinishedBatches(now, limit) {
    return database
      .all<BatchRow>(
        `SELECT * FROM batches WHERE status = 'receiving' AND kind = 'upload' AND expires_at <= :now
         UNION ALL SELECT * FROM batches WHERE status = 'receiving' AND kind = 'import'
           AND EXISTS (SELECT 1 FROM imports WHERE id = batches.id AND completed_at IS NOT NULL)
         UNION ALL SELECT * FROM batches WHERE status = 'open' AND NOT ${isUnsettled} LIMIT :limit`,
        { now: now.toISOString(), limit },
      )
      .map((row) => toBatch(database, row));
  },
});

/** A batch with its living images counted. */
export function toBatch(database: Database, row: BatchRow): BatchRecord {
  const counts = database.all<{ status: string; count: number }>(
    'SELECT status, count(*) AS count FROM images WHERE batch_id = :id AND deleted_at IS NULL GROUP BY status',
    { id: row.id },
  );
  const countOf = (status: string) => counts.find((row) => row.status === status)?.count ?? 0;
  return {
    id: row.id,
    kind: row.kind,
    ownerId: row.owner_id,
    ownerEmail: row.owner_email,
    status: row.status,
    notify: row.notify === 1,
    callbackUrl: row.callback_url,
    requestId: row.request_id,
    createdAt: new Date(row.created_at),
    completedAt: toDate(row.completed_at),
    total: counts.reduce((sum, { count }) => sum + count, 0),
    organized: countOf('organized'),
    failed: countOf('failed'),
  };
}
