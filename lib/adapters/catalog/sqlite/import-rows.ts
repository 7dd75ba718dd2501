import { hasError } from '../import-rules.ts';
import type { CellError, ImportCatalog, ImportRow, ImportUrl, RowClaim } from '../imports.ts';
import type { Database } from '../../sqlite/database.ts';

type Rows = Pick<
  ImportCatalog,
  'addImportRows' | 'listImportRows' | 'claimImportRow' | 'renewImportRow' | 'settleImportRow'
>;

interface RowOfTable {
  import_id: string;
  row: number;
  status: ImportRow['status'];
  due_at: string;
  epoch: number;
  attempts: number;
  serial_number: string;
  product_name: string;
  urls: string;
  errors: string;
}

/** The rows of CSV imports: claim → settle. `due_at` of a running one is the end of its lease. */
export function createImportRows(database: Database): Rows {
  /** Changes what the claim holds. @returns false when fenced */
  const changeHeld = (claim: RowClaim, changes: string, values: Record<string, string | number>): boolean =>
    database.run(
      `UPDATE import_rows SET ${changes}
       WHERE import_id = :importId AND row = :row AND epoch = :epoch AND status = 'running'`,
      { importId: claim.importId, row: claim.row, epoch: claim.epoch, ...values },
    ) === 1;

  return {
    addImportRows: async (rows) =>
      database.transaction(() => {
        for (const row of rows) insert(database, row);
      }),
    async listImportRows({ ownerId, importId, after, limit, failed }) {
      return database
        .all<RowOfTable>(
          `SELECT * FROM import_rows WHERE import_id = :importId AND row > :after ${failed ? 'AND has_error = 1' : ''}
           AND EXISTS (SELECT 1 FROM imports WHERE id = :importId AND owner_id = :ownerId)
           ORDER BY row LIMIT :limit`,
          { ownerId, importId, after, limit },
        )
        .map(toRow);
    },
    claimImportRow: async (request) => database.transaction(() => claim(database, request)),
    renewImportRow: async (held, until) =>
      changeHeld(held, 'due_at = :until', { until: until.toISOString() }),
    settleImportRow: async (held, { urls, status, dueAt }) =>
      changeHeld(
        held,
        `status = :status, due_at = :dueAt, owner = NULL, urls = :urls,
         has_error = iif(errors <> '[]', 1, :hasFailed)`,
        {
          status,
          dueAt: dueAt.toISOString(),
          urls: JSON.stringify(urls),
          hasFailed: Number(hasError({ urls, errors: [] })),
        },
      ),
  };
}

/** Every running row becomes pending, and due. @returns how many */
export const releaseRunningImportRows = (database: Database, now: Date): number =>
  database.run(
    `UPDATE import_rows SET status = 'pending', owner = NULL, due_at = :now WHERE status = 'running'`,
    { now: now.toISOString() },
  );

function insert(database: Database, row: Parameters<ImportCatalog['addImportRows']>[0][number]): void {
  const { importId, serialNumber, productName, urls, status, errors, dueAt } = row;
  database.run(
    `INSERT OR REPLACE INTO import_rows
     SELECT :importId, :row, :status, :dueAt, 0, 0, NULL, :hasError, :serialNumber, :productName, :urls, :errors
     WHERE EXISTS (SELECT 1 FROM imports WHERE id = :importId AND status = 'receiving')`,
    {
      ...{ importId, row: row.row, status, serialNumber, productName },
      dueAt: dueAt.toISOString(),
      hasError: Number(hasError(row)),
      urls: JSON.stringify(urls),
      errors: JSON.stringify(errors),
    },
  );
}

function claim(
  database: Database,
  { importId, owner, now, leaseMs }: Parameters<ImportCatalog['claimImportRow']>[0],
): (ImportRow & { epoch: number }) | undefined {
  const found = database.get<RowOfTable>(
    `SELECT * FROM import_rows WHERE import_id = :importId AND status IN ('pending', 'running') AND due_at <= :now
     AND EXISTS (SELECT 1 FROM imports WHERE id = :importId AND status = 'running') ORDER BY due_at, row LIMIT 1`,
    { importId, now: now.toISOString() },
  );
  if (!found) return undefined;
  const next = { epoch: found.epoch + 1, attempts: found.attempts + 1 };
  const leaseUntil = new Date(now.getTime() + leaseMs);
  database.run(
    `UPDATE import_rows SET status = 'running', epoch = :epoch, attempts = :attempts, owner = :owner, due_at = :leaseUntil
     WHERE import_id = :importId AND row = :row`,
    { importId, row: found.row, owner, ...next, leaseUntil: leaseUntil.toISOString() },
  );
  database.run('UPDATE imports SET claimed_at = :now WHERE id = :importId', {
    importId,
    now: now.toISOString(),
  });
  return { ...toRow(found), ...next, status: 'running', dueAt: leaseUntil };
}

const toRow = (row: RowOfTable): ImportRow => ({
  importId: row.import_id,
  row: row.row,
  serialNumber: row.serial_number,
  productName: row.product_name,
  urls: JSON.parse(row.urls) as ImportUrl[],
  status: row.status,
  errors: JSON.parse(row.errors) as CellError[],
  attempts: row.attempts,
  dueAt: new Date(row.due_at),
});
