import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { Counter } from 'prom-client';
import type { ReportLogin } from './domain/log-in.ts';

const outcomes = ['ok', 'refused', 'limited', 'busy'] as const;

/** The log line and the metric of one attempt to log in. */
export function createLoginReport(log: Log, metrics?: Metrics): ReportLogin {
  const attempts = new Counter({
    name: 'login_attempts_total',
    help: 'Attempts to log in: ok, refused (wrong email or password), limited (too many failures), busy.',
    labelNames: ['outcome'] as const,
    registers: metrics ? [metrics] : [],
  });
  for (const outcome of outcomes) attempts.inc({ outcome }, 0);
  return (outcome, facts) => {
    attempts.inc({ outcome });
    if (outcome === 'ok') log.info(facts, 'logged in');
    else log.warn({ ...facts, outcome }, 'login refused');
  };
}
