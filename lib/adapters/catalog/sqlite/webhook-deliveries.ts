import type { Failure } from '@image-organizer/contracts/vocabulary';
import type { Database } from '../../sqlite/database.ts';
import type { WebhookCatalog, WebhookDelivery } from '../webhooks.ts';
import { toDate } from './images.ts';

interface DeliveryRow {
  key: string;
  id: string;
  owner_id: string;
  endpoint_id: string | null;
  url: string;
  batch_id: string | null;
  status: WebhookDelivery['status'];
  epoch: number;
  attempts: number;
  created_at: string;
  due_at: string;
  settled_at: string | null;
  last_status: number | null;
  error: string | null;
}

type Deliveries = Pick<
  WebhookCatalog,
  | 'addWebhookDelivery'
  | 'claimWebhookDelivery'
  | 'settleWebhookDelivery'
  | 'listWebhookDeliveries'
  | 'oldestWebhookDueAt'
  | 'forgetWebhookDeliveries'
>;

/** Calls of webhooks, each made until it is settled. */
export const createWebhookDeliveries = (database: Database): Deliveries => ({
  async addWebhookDelivery({ key, id, ownerId, endpointId, url, batchId, createdAt, dueAt }) {
    database.run(
      `INSERT OR IGNORE INTO webhook_deliveries
         (key, id, owner_id, endpoint_id, url, batch_id, status, epoch, attempts, created_at, due_at)
       VALUES (:key, :id, :ownerId, :endpointId, :url, :batchId, 'pending', 0, 0, :createdAt, :dueAt)`,
      {
        ...{ key, id, ownerId, endpointId, url, batchId },
        ...{ createdAt: createdAt.toISOString(), dueAt: dueAt.toISOString() },
      },
    );
  },
  async claimWebhookDelivery({ owner, now, leaseMs, exceptOwners = [] }) {
    const row = database.get<DeliveryRow>(
      `UPDATE webhook_deliveries SET epoch = epoch + 1, attempts = attempts + 1, leased_by = :owner, due_at = :until
       WHERE key = (SELECT key FROM webhook_deliveries WHERE status = 'pending' AND due_at <= :now
                    AND owner_id NOT IN (SELECT value FROM json_each(:except)) ORDER BY due_at LIMIT 1)
       RETURNING *`,
      {
        ...{ owner, now: now.toISOString(), except: JSON.stringify(exceptOwners) },
        until: new Date(now.getTime() + leaseMs).toISOString(),
      },
    );
    return row && { ...toDelivery(row), epoch: row.epoch };
  },
  settleWebhookDelivery: async ({ key, epoch }, { status, dueAt, settledAt, lastStatus, error }) =>
    database.run(
      `UPDATE webhook_deliveries SET leased_by = NULL, status = :status, due_at = :dueAt, settled_at = :settledAt,
         last_status = :lastStatus, error = :error
       WHERE key = :key AND epoch = :epoch AND leased_by IS NOT NULL`,
      {
        ...{ key, epoch, status, lastStatus, error: error && JSON.stringify(error) },
        ...{ dueAt: dueAt.toISOString(), settledAt: settledAt?.toISOString() ?? null },
      },
    ) === 1,
  async listWebhookDeliveries(query) {
    return database
      .all<DeliveryRow>(
        `SELECT * FROM webhook_deliveries WHERE owner_id = :ownerId AND endpoint_id IS :endpointId
         ORDER BY created_at DESC, key LIMIT :limit`,
        query,
      )
      .map(toDelivery);
  },
  async oldestWebhookDueAt() {
    const oldest = database.get<{ due_at: string }>(
      `SELECT due_at FROM webhook_deliveries WHERE status = 'pending' ORDER BY due_at LIMIT 1`,
    );
    return oldest ? new Date(oldest.due_at) : null;
  },
  forgetWebhookDeliveries: async (until) =>
    database.run('DELETE FROM webhook_deliveries WHERE settled_at <= :until', { until: until.toISOString() }),
});

/** Every delivery that somebody has is due. @returns how many */
export const releaseWebhookDeliveries = (database: Database, now: Date): number =>
  database.run('UPDATE webhook_deliveries SET leased_by = NULL, due_at = :now WHERE leased_by IS NOT NULL', {
    now: now.toISOString(),
  });

const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
  key: row.key,
  id: row.id,
  ownerId: row.owner_id,
  endpointId: row.endpoint_id,
  url: row.url,
  batchId: row.batch_id,
  status: row.status,
  attempts: row.attempts,
  createdAt: new Date(row.created_at),
  dueAt: new Date(row.due_at),
  settledAt: toDate(row.settled_at),
  lastStatus: row.last_status,
  error: row.error === null ? null : (JSON.parse(row.error) as Failure),
});
