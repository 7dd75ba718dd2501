import { randomUUID } from 'node:crypto';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { importRequested } from '@image-organizer/contracts/events/import-requested';
import { unlimited, type Quota } from '@image-organizer/contracts/http/access-token';
import { outboxEntry } from '@image-organizer/pipeline/outbox-entry';
import { newBatch } from '@image-organizer/testing/builders';

/** Records an import as the gateway does: its batch, its rows, and that it may begin. */
export async function recordImport(
  catalog: Catalog,
  owner: { ownerId: string; ownerEmail: string },
  rows: string[][],
  now = new Date(),
  quota: Quota = unlimited,
): Promise<string> {
  const id = randomUUID();
  const expiresAt = new Date(now.getTime() + 3_600_000);
  await catalog.openBatch(newBatch({ id, kind: 'import', ...owner, createdAt: now, expiresAt }));
  const own = { filename: 'products.csv', folder: 'Products', requestId: 'request-1', quota };
  await catalog.openImport({ id, ...owner, ...own, createdAt: now, expiresAt });
  await catalog.addImportRows(
    rows.map((urls, index) => ({
      importId: id,
      row: index + 2,
      serialNumber: String(index + 1),
      productName: `Product ${index + 1}`,
      urls: urls.map((url) => ({ url, status: 'pending' as const, imageId: null, error: null })),
      status: 'pending' as const,
      errors: [],
      dueAt: now,
    })),
  );
  const data = { importId: id, ownerId: owner.ownerId };
  await catalog.startImport(id, outboxEntry(importRequested, data, { lane: 'bulk', requestId: null, now }));
  return id;
}
