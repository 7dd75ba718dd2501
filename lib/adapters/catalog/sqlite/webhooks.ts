import type { Database } from '../../sqlite/database.ts';
import { webhookRemoved, type WebhookCatalog, type WebhookEndpoint } from '../webhooks.ts';
import { toDate } from './images.ts';

interface EndpointRow {
  id: string;
  owner_id: string;
  url: string;
  secret: string;
  created_at: string;
  disabled_at: string | null;
}

type Endpoints = Pick<
  WebhookCatalog,
  'addWebhook' | 'listWebhooks' | 'getWebhook' | 'removeWebhook' | 'switchWebhook'
>;

/** Whom owners want to be called. */
export const createWebhooks = (database: Database): Endpoints => ({
  addWebhook: async ({ id, ownerId, url, secret, createdAt, disabledAt }, most) =>
    database.run(
      `INSERT INTO webhooks SELECT :id, :ownerId, :url, :secret, :createdAt, :disabledAt
       WHERE (SELECT count(*) FROM webhooks WHERE owner_id = :ownerId) < :most`,
      {
        ...{ id, ownerId, url, secret, most },
        ...{ createdAt: createdAt.toISOString(), disabledAt: disabledAt?.toISOString() ?? null },
      },
    ) === 1,
  async listWebhooks(ownerId) {
    return database
      .all<EndpointRow>('SELECT * FROM webhooks WHERE owner_id = :ownerId ORDER BY created_at, id', {
        ownerId,
      })
      .map(toEndpoint);
  },
  async getWebhook(ownerId, id) {
    const row = database.get<EndpointRow>('SELECT * FROM webhooks WHERE id = :id AND owner_id = :ownerId', {
      ownerId,
      id,
    });
    return row && toEndpoint(row);
  },
  removeWebhook: async (ownerId, id, now) =>
    database.transaction(() => {
      const removed = database.run('DELETE FROM webhooks WHERE id = :id AND owner_id = :ownerId', {
        ownerId,
        id,
      });
      if (removed === 0) return false;
      database.run(
        `UPDATE webhook_deliveries SET status = 'failed', leased_by = NULL, settled_at = :now, error = :error
         WHERE owner_id = :ownerId AND endpoint_id = :id AND status = 'pending'`,
        { ownerId, id, now: now.toISOString(), error: JSON.stringify(webhookRemoved) },
      );
      return true;
    }),
  switchWebhook: async (ownerId, id, disabledAt) =>
    database.run('UPDATE webhooks SET disabled_at = :at WHERE id = :id AND owner_id = :ownerId', {
      ownerId,
      id,
      at: disabledAt?.toISOString() ?? null,
    }) === 1,
});

const toEndpoint = (row: EndpointRow): WebhookEndpoint => ({
  id: row.id,
  ownerId: row.owner_id,
  url: row.url,
  secret: row.secret,
  createdAt: new Date(row.created_at),
  disabledAt: toDate(row.disabled_at),
});
