import type { Metrics } from '@image-organizer/platform/metrics';
import { Histogram } from 'prom-client';

export type JobOutcome = 'done' | 'retried' | 'postponed' | 'fenced' | 'failed';

export interface JobMetrics {
  observe(stage: string, outcome: JobOutcome, durationMs: number): void;
}

/** `pipeline_stage_duration_seconds{stage,outcome}`; its count is the number of attempts. */
export function createJobMetrics(metrics: Metrics): JobMetrics {
  const name = 'pipeline_stage_duration_seconds';
  const duration =
    (metrics.getSingleMetric(name) as Histogram<'stage' | 'outcome'> | undefined) ??
    new Histogram({
      name,
      help: 'Time of one attempt at one stage, from the claim to its outcome.',
      labelNames: ['stage', 'outcome'] as const,
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
      registers: [metrics],
    });
  return { observe: (stage, outcome, durationMs) => duration.observe({ stage, outcome }, durationMs / 1000) };
}
