import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord, ImportRow, ImportUrl } from '@image-organizer/adapters/catalog/imports';
import { FencedError } from '@image-organizer/pipeline/job';
import { keepLease } from '@image-organizer/pipeline/keep-lease';
import { tierAfterAttempt, type RetryPolicy } from '@image-organizer/pipeline/retry-policy';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import type { ImportReport } from '../import-report.ts';
import { hostOf, type FetchImage } from './fetch-image.ts';
import { FetchProblem, problemOf } from './fetch-problem.ts';

export type ClaimedRow = ImportRow & { epoch: number };

export interface ImportRowDependencies {
  catalog: Catalog;
  clock: Clock;
  fetchImage: FetchImage;
  report: ImportReport;
  policy: RetryPolicy;
  leaseMs: number;
}

/** @param stopping no further URL is begun; the row is given back with what is known */
export type ImportOneRow = (of: ImportRecord, row: ClaimedRow, stopping: AbortSignal) => Promise<void>;

/** Fetches the pending URLs of a claimed row, one after the other, and settles it. */
export function createImportRow(dependencies: ImportRowDependencies): ImportOneRow {
  const { catalog, clock, report, leaseMs } = dependencies;
  return async (of, row, stopping) => {
    crashPoint('import:row-claimed');
    const lost = new AbortController();
    const ended = new AbortController();
    void keepLease({
      renew: (until) => catalog.renewImportRow(row, until),
      leaseMs,
      clock,
      ended: ended.signal,
      lost: () => lost.abort(new FencedError('the lease ran out and somebody else took over')),
    });
    try {
      const settled = await fetchRow(dependencies, of, row, { stopping, lost: lost.signal });
      crashPoint('import:row-fetched');
      if (!(await catalog.settleImportRow(row, settled))) report.fenced(row);
      crashPoint('import:row-settled');
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      report.fenced(row);
    } finally {
      ended.abort();
    }
  };
}

/** @throws FencedError */
async function fetchRow(
  { clock, policy, ...dependencies }: ImportRowDependencies,
  of: ImportRecord,
  row: ClaimedRow,
  { stopping, lost }: { stopping: AbortSignal; lost: AbortSignal },
) {
  const urls: ImportUrl[] = [];
  let delayMs = 0;
  for (const [index, url] of row.urls.entries()) {
    if (url.status !== 'pending' || stopping.aborted) urls.push(url);
    else {
      const outcome = await fetchUrl(
        { clock, policy, ...dependencies },
        of,
        row,
        { url: url.url, index },
        lost,
      );
      urls.push(outcome.url);
      delayMs = Math.max(delayMs, outcome.delayMs);
    }
  }
  return { urls, status: statusOf(urls), dueAt: new Date(clock.now().getTime() + delayMs) };
}

function statusOf(urls: ImportUrl[]): 'pending' | 'done' | 'failed' {
  const has = (status: ImportUrl['status']) => urls.some((url) => url.status === status);
  if (has('pending')) return 'pending';
  return has('fetched') ? 'done' : 'failed';
}

/** @returns `delayMs`: how long to wait where it is to be tried again */
async function fetchUrl(
  { fetchImage, report, policy }: ImportRowDependencies,
  of: ImportRecord,
  { row, attempts }: ClaimedRow,
  { url, index }: { url: string; index: number },
  lost: AbortSignal,
): Promise<{ url: ImportUrl; delayMs: number }> {
  const startedAt = performance.now();
  const end = (error?: FetchProblem) => ({
    ...{ importId: of.id, row, host: hostOf(url), seconds: (performance.now() - startedAt) / 1000 },
    ...(error && { error: error.failure }),
  });
  try {
    if (attempts > policy.maxAttempts + policy.maxLosses) throw lostTooOften;
    const imageId = await fetchImage(of, { url, row, index }, lost);
    report.url('fetched', end());
    return { url: { url, status: 'fetched', imageId, error: null }, delayMs: 0 };
  } catch (error) {
    if (error instanceof FencedError) throw error;
    const problem = problemOf(error);
    const again = problem.passes && attempts < policy.maxAttempts;
    report.url(again ? 'retried' : 'failed', end(problem));
    const settled: ImportUrl = {
      ...{ url, imageId: null, error: problem.failure },
      status: again ? 'pending' : 'failed',
    };
    return { url: settled, delayMs: again ? Math.max(backOff(attempts, policy), problem.retryAfterMs) : 0 };
  }
}

/** Every one of its processes may have been killed for another reason, but not so often. */
const lostTooOften = new FetchProblem({
  code: 'WORKER_LOST',
  detail: 'The process that fetched it ended too often.',
});

const backOff = (attempt: number, { delaysMs }: RetryPolicy) =>
  delaysMs[Math.min(tierAfterAttempt(attempt), delaysMs.length - 1)]!;
