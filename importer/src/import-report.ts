import type { ImportRecord } from '@image-organizer/adapters/catalog/imports';
import type { Failure } from '@image-organizer/contracts/vocabulary';
import type { Log } from '@image-organizer/platform/log';
import { createDurations, type Metrics } from '@image-organizer/platform/metrics';
import { Counter, Gauge } from 'prom-client';

const outcomes = ['fetched', 'retried', 'failed'] as const;
type UrlOutcome = (typeof outcomes)[number];

/** Tells of what importing comes to. */
export interface ImportReport {
  /** @param end.host never the whole URL: it may hold a secret */
  url(
    outcome: UrlOutcome,
    end: { importId: string; row: number; host: string; seconds: number; error?: Failure },
  ): void;
  /** Somebody else has the row now. */
  fenced(row: { importId: string; row: number }): void;
  finished(of: ImportRecord): void;
  /** Rows of running imports that are not settled. */
  pending(rows: number): void;
}

/** Log lines and metrics of imports. */
export function createImportReport({ log, metrics }: { log: Log; metrics: Metrics }): ImportReport {
  const urls = new Counter({
    name: 'import_urls_total',
    help: 'URLs of imports that were asked: fetched, retried (it failed and will be tried again) or failed for good.',
    labelNames: ['outcome'] as const,
    registers: [metrics],
  });
  const observe = createDurations(metrics, {
    name: 'import_fetch_seconds',
    help: 'Time from the request for one URL to its image, or to its failure.',
    labelNames: ['outcome'] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30],
  });
  const pending = new Gauge({
    name: 'import_rows_pending',
    help: 'Rows of running imports that are not settled, when they were last looked for.',
    registers: [metrics],
  });
  for (const outcome of outcomes) urls.inc({ outcome }, 0);
  return {
    url(outcome, { seconds, error, ...facts }) {
      urls.inc({ outcome });
      observe({ outcome }, seconds);
      if (outcome === 'fetched') log.debug(facts, 'URL fetched');
      else log.info({ ...facts, outcome, code: error?.code, reason: error?.detail }, 'URL not fetched');
    },
    fenced: (row) => log.warn(row, 'row of an import fenced: somebody else has it'),
    finished: ({ id, status, requestId }) => log.info({ importId: id, status, requestId }, 'import finished'),
    pending: (rows) => pending.set(rows),
  };
}
