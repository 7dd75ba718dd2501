import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord } from '@image-organizer/adapters/catalog/imports';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import { importRequested } from '@image-organizer/contracts/events/import-requested';
import { outboxEntry } from '@image-organizer/pipeline/outbox-entry';
import type { Clock } from '@image-organizer/platform/clock';
import { z } from 'zod';
import { ImportIsOverError, ImportNotFoundError } from './import-errors.ts';

/** @throws ImportNotFoundError */
export async function findImport(catalog: Catalog, ownerId: string, id: unknown): Promise<ImportRecord> {
  const found = z.uuid().safeParse(id).success ? await catalog.getImport(ownerId, id as string) : undefined;
  if (!found) throw new ImportNotFoundError();
  return found;
}

export interface ChangeDependencies {
  catalog: Catalog;
  clock: Clock;
  relayHint: (entry: OutboxEntry) => void;
}

/**
 * Pauses an import, lets it go on or ends it; what is being fetched is fetched to its end. Asking again changes nothing.
 * Importers are told unless it pauses: one that was cancelled has a batch to be ended.
 * @throws ImportNotFoundError, ImportIsOverError
 */
export async function changeImport(
  { catalog, clock, relayHint }: ChangeDependencies,
  ownerId: string,
  id: unknown,
  to: 'running' | 'paused' | 'cancelled',
): Promise<ImportRecord> {
  const before = await findImport(catalog, ownerId, id);
  const context = { lane: 'interactive' as const, requestId: before.requestId, now: clock.now() };
  const event =
    to === 'paused' ? null : outboxEntry(importRequested, { importId: before.id, ownerId }, context);
  const isChanged = await catalog.changeImport({ ownerId, importId: before.id, to, event });
  if (isChanged && event) relayHint(event);
  const after = await findImport(catalog, ownerId, id);
  if (after.status !== to) throw new ImportIsOverError(after);
  return after;
}
