import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { Counter } from 'prom-client';

const outcomes = ['sent', 'retried', 'failed'] as const;

/** @param facts.delivery its key; never its URL, in which receivers keep secrets. @param facts.reason why it was not sent */
export type ReportWebhook = (
  outcome: (typeof outcomes)[number],
  facts: { delivery: string; attempts: number; status: number | null; reason?: string },
) => void;

/** The log line and the metric of one call of a webhook. */
export function createWebhookReport({ log, metrics }: { log: Log; metrics: Metrics }): ReportWebhook {
  const webhooks = new Counter({
    name: 'webhooks_total',
    help: 'Calls of webhooks: sent, retried (it failed and is tried again) or failed for good.',
    labelNames: ['outcome'] as const,
    registers: [metrics],
  });
  for (const outcome of outcomes) webhooks.inc({ outcome }, 0);
  return (outcome, facts) => {
    webhooks.inc({ outcome });
    if (outcome === 'sent') log.info(facts, 'webhook sent');
    else log.warn({ ...facts, outcome }, 'webhook not sent');
  };
}
