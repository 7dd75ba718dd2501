import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { Counter } from 'prom-client';

const outcomes = ['sent', 'retried', 'refused'] as const;

/** @param facts.reason why it was not sent */
export type ReportEmail = (
  outcome: (typeof outcomes)[number],
  facts: { batchId: string; reason?: string },
) => void;

/** The log line and the metric of one email that was given to the mail server. */
export function createEmailReport({ log, metrics }: { log: Log; metrics: Metrics }): ReportEmail {
  const emails = new Counter({
    name: 'emails_total',
    help: 'Emails given to the mail server: sent, retried (it failed and may be tried again) or refused for good.',
    labelNames: ['outcome'] as const,
    registers: [metrics],
  });
  for (const outcome of outcomes) emails.inc({ outcome }, 0);
  return (outcome, facts) => {
    emails.inc({ outcome });
    if (outcome === 'sent') log.info(facts, 'email sent');
    else log.warn({ ...facts, outcome }, 'email not sent');
  };
}
