import { changeableFrom, importCursorAfter, importPositionOf } from '../import-rules.ts';
import type { ImportCatalog, ImportRecord } from '../imports.ts';
import type { Database } from '../../sqlite/database.ts';
import { toDate } from './images.ts';
import { recordEvent } from './outbox.ts';

type Imports = Omit<
  ImportCatalog,
  'addImportRows' | 'listImportRows' | 'claimImportRow' | 'renewImportRow' | 'settleImportRow'
>;

interface ImportTableRow {
  id: string;
  owner_id: string;
  owner_email: string;
  filename: string;
  folder: string | null;
  quota_images: number | null;
  quota_bytes: number | null;
  status: ImportRecord['status'];
  request_id: string | null;
  created_at: string;
  completed_at: string | null;
}

/** CSV imports as a whole. */
export function createImports(database: Database): Imports {
  const toImport = (row: ImportTableRow) => importOf(database, row);
  const find = (id: string) => database.get<ImportTableRow>('SELECT * FROM imports WHERE id = :id', { id });
  const ownedBy = (ownerId: string, id: string) => {
    const row = find(id);
    return row?.owner_id === ownerId ? row : undefined;
  };

  return {
    openImport: async ({
      id,
      ownerId,
      ownerEmail,
      filename,
      folder,
      quota,
      requestId,
      createdAt,
      expiresAt,
    }) => {
      database.run(
        `INSERT INTO imports (id, owner_id, owner_email, filename, folder, quota_images, quota_bytes, status, request_id,
           created_at, expires_at)
         VALUES (:id, :ownerId, :ownerEmail, :filename, :folder, :quotaImages, :quotaBytes, 'receiving', :requestId,
           :createdAt, :expiresAt)
         ON CONFLICT (id) DO NOTHING`,
        {
          ...{ id, ownerId, ownerEmail, filename, folder, requestId },
          ...{ quotaImages: quota.images, quotaBytes: quota.bytes },
          createdAt: createdAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
        },
      );
      return toImport(find(id)!);
    },
    startImport: async (id, event) =>
      database.transaction(() => {
        const changed = database.run(
          `UPDATE imports SET status = 'running' WHERE id = :id AND status = 'receiving'`,
          { id },
        );
        if (changed === 1) recordEvent(database, id, event);
        return changed === 1;
      }),
    dropImport: async (id) =>
      database.transaction(() => {
        if (find(id)?.status !== 'receiving') return;
        database.run('DELETE FROM import_rows WHERE import_id = :id', { id });
        database.run(`DELETE FROM batches WHERE id = :id AND kind = 'import'`, { id });
        database.run('DELETE FROM imports WHERE id = :id', { id });
      }),
    async expiredImports(now, limit) {
      return database
        .all<ImportTableRow>(
          `SELECT * FROM imports WHERE status = 'receiving' AND expires_at <= :now ORDER BY expires_at LIMIT :limit`,
          { now: now.toISOString(), limit },
        )
        .map(toImport);
    },
    changeImport: async ({ ownerId, importId, to, event }) =>
      database.transaction(() => {
        const status = ownedBy(ownerId, importId)?.status;
        if (!changeableFrom[to].some((from) => from === status)) return false;
        database.run('UPDATE imports SET status = :to WHERE id = :importId', { importId, to });
        if (event) recordEvent(database, importId, event);
        return true;
      }),
    async getImport(ownerId, importId) {
      const row = ownedBy(ownerId, importId);
      return row && toImport(row);
    },
    async listImports({ ownerId, limit, cursor }) {
      const before = cursor === undefined ? undefined : importPositionOf(cursor);
      const rows = database.all<ImportTableRow>(
        `SELECT * FROM imports WHERE owner_id = :ownerId ${before ? 'AND (created_at, id) < (:createdAt, :id)' : ''}
         ORDER BY created_at DESC, id DESC LIMIT :most`,
        {
          ...{ ownerId, most: limit + 1 },
          ...(before && { createdAt: before.createdAt.toISOString(), id: before.id }),
        },
      );
      const items = rows.slice(0, limit).map(toImport);
      return { items, nextCursor: rows.length > limit ? importCursorAfter(items.at(-1)!) : null };
    },
    async runningImports(limit) {
      return database
        .all<ImportTableRow>(
          `SELECT * FROM imports WHERE status = 'running' ORDER BY claimed_at, created_at LIMIT :limit`,
          { limit },
        )
        .map(toImport);
    },
    finishImport: async (id, now) =>
      database.run(
        `UPDATE imports SET completed_at = :now, status = iif(status = 'running', 'completed', status)
         WHERE id = :id AND completed_at IS NULL AND (
           status = 'running' AND NOT EXISTS (
             SELECT 1 FROM import_rows WHERE import_id = imports.id AND status IN ('pending', 'running'))
           OR status = 'cancelled' AND NOT EXISTS (
             SELECT 1 FROM import_rows WHERE import_id = imports.id AND status = 'running' AND due_at > :now))`,
        { id, now: now.toISOString() },
      ) === 1,
    async cancelledImports(limit) {
      return database
        .all<ImportTableRow>(
          `SELECT * FROM imports WHERE status = 'cancelled' AND completed_at IS NULL ORDER BY created_at LIMIT :limit`,
          { limit },
        )
        .map(toImport);
    },
  };
}

/** An import with its rows counted. */
function importOf(database: Database, row: ImportTableRow): ImportRecord {
  const counts = database.all<{ status: string; count: number }>(
    'SELECT status, count(*) AS count FROM import_rows WHERE import_id = :id GROUP BY status',
    { id: row.id },
  );
  const countOf = (status: string) => counts.find((each) => each.status === status)?.count ?? 0;
  return {
    id: row.id,
    ownerId: row.owner_id,
    ownerEmail: row.owner_email,
    filename: row.filename,
    folder: row.folder,
    quota: { images: row.quota_images, bytes: row.quota_bytes },
    status: row.status,
    requestId: row.request_id,
    createdAt: new Date(row.created_at),
    completedAt: toDate(row.completed_at),
    rows: {
      total: counts.reduce((sum, { count }) => sum + count, 0),
      done: countOf('done'),
      failed: countOf('failed'),
    },
  };
}
