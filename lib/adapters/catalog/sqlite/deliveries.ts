import type { Failure } from '@image-organizer/contracts/vocabulary';
import type { DeliveryCatalog, DeliveryClaim } from '../catalog.ts';
import { toBatch, type BatchRow } from './batches.ts';
import type { Database } from '../../sqlite/database.ts';
import { recordEvent } from './outbox.ts';

interface DeliveryRow {
  status: 'pending' | 'running' | 'sent' | 'failed';
  epoch: number;
  attempts: number;
  lease_until: string | null;
}

/** What goes out to people, once per key. */
export function createDeliveries(database: Database): DeliveryCatalog {
  /** Changes what the claim holds. @returns false when fenced */
  const changeHeld = (
    { key, epoch }: { key: string; epoch: number },
    changes: string,
    values: Record<string, string | null> = {},
  ): boolean =>
    database.run(
      `UPDATE deliveries SET owner = NULL, lease_until = NULL, ${changes}
       WHERE key = :key AND epoch = :epoch AND status = 'running'`,
      { key, epoch, ...values },
    ) === 1;

  return {
    claimDelivery: async (request) => database.transaction(() => claim(database, request)),
    completeDelivery: async (claim, now) =>
      changeHeld(claim, `status = 'sent', error = NULL, sent_at = :now`, { now: now.toISOString() }),
    releaseDelivery: async (claim, failure) =>
      failure
        ? changeHeld(claim, `status = 'pending', error = :error`, { error: toJson(failure) })
        : changeHeld(claim, `status = 'pending', attempts = attempts - 1`),
    failDelivery: async (claim, failure) =>
      changeHeld(claim, `status = 'failed', error = :error`, { error: toJson(failure) }),
    retryDelivery: async (key) =>
      database.run(
        `UPDATE deliveries SET status = 'pending', attempts = 0 WHERE key = :key AND status = 'failed'`,
        { key },
      ) === 1,
    async batchesWithoutDelivery({ now, idleSince, limit }) {
      return database
        .all<BatchRow>(
          `SELECT * FROM batches
           WHERE status = 'completed' AND NOT email_settled AND touched_at <= :idleSince
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE subject = batches.id)
             AND NOT EXISTS (SELECT 1 FROM deliveries WHERE key = 'email:' || batches.id
                             AND (status IN ('sent', 'failed') OR status = 'running' AND lease_until > :now))
           ORDER BY touched_at LIMIT :limit`,
          { now: now.toISOString(), idleSince: idleSince.toISOString(), limit },
        )
        .map((row) => toBatch(database, row));
    },
    requeueBatchCompleted: async (id, now, event) =>
      database.transaction(() => {
        const changed = database.run(
          `UPDATE batches SET touched_at = :now WHERE id = :id AND status = 'completed' AND NOT email_settled
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE subject = batches.id)`,
          { id, now: now.toISOString() },
        );
        if (changed === 1) recordEvent(database, id, event);
      }),
  };
}

function claim(
  database: Database,
  { key, owner, now, leaseMs }: Parameters<DeliveryCatalog['claimDelivery']>[0],
): DeliveryClaim {
  database.run(
    `INSERT OR IGNORE INTO deliveries (key, status, epoch, attempts) VALUES (:key, 'pending', 0, 0)`,
    { key },
  );
  const row = database.get<DeliveryRow>('SELECT * FROM deliveries WHERE key = :key', { key })!;
  if (row.status === 'sent' || row.status === 'failed') return { kind: row.status };
  const heldUntil = row.lease_until === null ? null : new Date(row.lease_until);
  if (heldUntil && heldUntil > now) return { kind: 'leased', until: heldUntil };
  const leaseUntil = new Date(now.getTime() + leaseMs).toISOString();
  database.run(
    `UPDATE deliveries SET status = 'running', epoch = epoch + 1, attempts = attempts + 1, owner = :owner,
       lease_until = :leaseUntil WHERE key = :key`,
    { key, owner, leaseUntil },
  );
  return { kind: 'claimed', epoch: row.epoch + 1, attempt: row.attempts + 1 };
}

/** Every running delivery becomes pending. @returns how many */
export const releaseRunningDeliveries = (database: Database): number =>
  database.run(
    `UPDATE deliveries SET status = 'pending', owner = NULL, lease_until = NULL WHERE status = 'running'`,
  );

const toJson = (failure: Failure): string => JSON.stringify(failure);
