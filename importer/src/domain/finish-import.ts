import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord } from '@image-organizer/adapters/catalog/imports';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import { batchCompletedEntry } from '@image-organizer/pipeline/outbox-entry';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import type { ImportReport } from '../import-report.ts';

export type FinishImport = (of: ImportRecord) => Promise<void>;

/**
 * Ends an import that has nothing left to fetch, and with it the batch of its images, which the organizer completes when
 * the last of them has its place. One process does it; where that dies in between, the sweeper ends the batch.
 */
export function createFinishImport({
  catalog,
  clock,
  relayHint,
  report,
}: {
  catalog: Catalog;
  clock: Clock;
  relayHint: (entry: OutboxEntry) => void;
  report: ImportReport;
}): FinishImport {
  return async (of) => {
    const now = clock.now();
    if (!(await catalog.finishImport(of.id, now))) return;
    crashPoint('import:finished');
    await catalog.sealBatch(of.id);
    crashPoint('import:batch-sealed');
    const event = batchCompletedEntry({ ...of, batchId: of.id }, now);
    if (await catalog.settleBatch(of.id, now, event)) relayHint(event);
    report.finished(of);
  };
}
