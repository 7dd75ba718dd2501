import type { Log } from '@image-organizer/platform/log';
import { createDurations, sharedMetric, type Metrics } from '@image-organizer/platform/metrics';
import { annotateSpan } from '@image-organizer/platform/tracing';
import { Counter } from 'prom-client';

export type JobOutcome = 'done' | 'retried' | 'postponed' | 'fenced' | 'failed';

/** How one attempt at a job has ended. */
export interface JobEnd {
  outcome: JobOutcome;
  attempt: number;
  durationMs: number;
  /** UPPER_SNAKE_CASE */
  code?: string;
  reason?: string;
}

/** Tells of an attempt's end: log line, metrics and span. */
export type ReportJob = (end: JobEnd, log: Log) => void;

const words: Record<JobOutcome, { level: 'info' | 'warn' | 'error'; says: string }> = {
  done: { level: 'info', says: 'done' },
  retried: { level: 'warn', says: 'failed, will be tried again' },
  postponed: { level: 'info', says: 'postponed' },
  fenced: { level: 'warn', says: 'fenced: its result is thrown away' },
  failed: { level: 'error', says: 'failed for good' },
};

/** @param stage the job's name */
export function createJobReport(metrics: Metrics, stage: string): ReportJob {
  const labelNames = ['stage', 'outcome'] as const;
  const observe = createDurations(metrics, {
    name: 'pipeline_stage_duration_seconds',
    help: 'Time of one attempt at one stage, from the claim to its outcome.',
    labelNames,
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
  });
  const name = 'pipeline_stage_attempts_total';
  const attempts = sharedMetric(
    metrics,
    name,
    () =>
      new Counter({
        name,
        help: 'Attempts at stages that have ended, by how.',
        labelNames,
        registers: [metrics],
      }),
  );
  for (const outcome of Object.keys(words)) attempts.inc({ stage, outcome }, 0); // an increase is seen only of what was there before
  return ({ outcome, attempt, durationMs, code, reason }, log) => {
    observe({ stage, outcome }, durationMs / 1000);
    attempts.inc({ stage, outcome });
    annotateSpan({ attempt, outcome }, outcome === 'retried' || outcome === 'failed' ? reason : undefined);
    const { level, says } = words[outcome];
    log[level]({ attempt, durationMs: Math.round(durationMs), code, reason }, `${stage} ${says}`);
  };
}
