import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { WebhookDelivery } from '@image-organizer/adapters/catalog/webhooks';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import type { CallWebhook } from './call-webhook.ts';
import type { WebhookAnswer } from './domain/webhook-answer.ts';
import { nextTry } from './domain/webhook-retries.ts';
import type { ReportWebhook } from './webhook-report.ts';

export type ClaimedWebhook = WebhookDelivery & { epoch: number };

export interface SendDependencies {
  catalog: Catalog;
  clock: Clock;
  call: CallWebhook;
  report: ReportWebhook;
}

/** Makes the call of a claimed delivery and records what came of it: it is settled, or due again. */
export const createSendWebhook =
  ({ catalog, clock, call, report }: SendDependencies) =>
  async (delivery: ClaimedWebhook): Promise<void> => {
    const answer = await call(delivery);
    crashPoint('webhook:called', delivery.key);
    const { key, ownerId, endpointId, attempts } = delivery;
    const now = clock.now();
    if (answer.verdict === 'gone' && endpointId !== null)
      await catalog.switchWebhook(ownerId, endpointId, now);
    const outcome = outcomeOf(delivery, answer, now);
    if (!(await catalog.settleWebhookDelivery(delivery, outcome))) return; // another has it now, or it was removed
    const { status, lastStatus, error } = outcome;
    report(status === 'pending' ? 'retried' : status, {
      ...{ delivery: key, attempts, status: lastStatus },
      ...(error && { reason: `${error.code}: ${error.detail}` }),
    });
  };

function outcomeOf(
  delivery: ClaimedWebhook,
  { verdict, status: lastStatus, error, retryAfterMs }: WebhookAnswer,
  now: Date,
) {
  const next = verdict === 'retry' ? nextTry(delivery, now, retryAfterMs) : null;
  if (next) return { status: 'pending', dueAt: next, settledAt: null, lastStatus, error } as const;
  const status = verdict === 'sent' ? 'sent' : 'failed';
  return { status, dueAt: delivery.dueAt, settledAt: now, lastStatus, error } as const;
}

export type SendWebhook = ReturnType<typeof createSendWebhook>;
