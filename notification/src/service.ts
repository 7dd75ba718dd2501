import type { GuardedFetch } from '@image-organizer/adapters/http-client/guarded-fetch';
import type { Mailer } from '@image-organizer/adapters/mailer/mailer';
import { runDelivery } from '@image-organizer/pipeline/run-delivery';
import type { StageDependencies } from '@image-organizer/pipeline/run-stage';
import type { Service } from '@image-organizer/platform/service';
import { batchCompletedDelivery } from './batch-completed.ts';
import { createBatchEmail } from './batch-email.ts';
import { createCallWebhook } from './call-webhook.ts';
import type { NotificationConfig } from './config.ts';
import { createEmailReport } from './email-report.ts';
import { createRecordWebhooks } from './record-webhooks.ts';
import { createSendWebhook } from './send-webhook.ts';
import { createWebhookDispatcher } from './webhook-dispatcher.ts';
import { createWebhookReport } from './webhook-report.ts';

export interface NotificationDependencies extends StageDependencies {
  mailer: Mailer;
  /** Calls webhooks; closed with the service. */
  http: GuardedFetch;
  config: Omit<NotificationConfig, 'mailer' | 'fetch'>;
  /** Milliseconds between polls for webhooks that are due. */
  pollMs?: number;
}

/** Tells of a batch that is done: one email to its owner, with links, and a call of each of its webhooks. */
export function createNotificationService(dependencies: NotificationDependencies): Service {
  const { mailer, http } = dependencies;
  const webhooks = createWebhookDispatcher({
    ...dependencies,
    send: createSendWebhook({
      ...dependencies,
      call: createCallWebhook(dependencies),
      report: createWebhookReport(dependencies),
    }),
  });
  const batches = runDelivery(
    batchCompletedDelivery({
      ...dependencies,
      recordWebhooks: createRecordWebhooks({ ...dependencies, hint: () => webhooks.hint() }),
      sendEmail: createBatchEmail({ ...dependencies, report: createEmailReport(dependencies) }),
    }),
    dependencies,
  );
  return {
    name: 'notification',
    async start() {
      await webhooks.start();
      await batches.start();
    },
    async stop() {
      await batches.stop();
      await webhooks.stop();
      await http.close();
    },
    waitingFor: () => mailer.waitingFor(),
  };
}
