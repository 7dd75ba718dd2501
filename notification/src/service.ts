import type { Mailer } from '@image-organizer/adapters/mailer/mailer';
import { runDelivery } from '@image-organizer/pipeline/run-delivery';
import type { StageDependencies } from '@image-organizer/pipeline/run-stage';
import type { Service } from '@image-organizer/platform/service';
import { batchEmail } from './batch-email.ts';
import type { NotificationConfig } from './config.ts';
import { createEmailReport } from './email-report.ts';

export interface NotificationDependencies extends StageDependencies {
  mailer: Mailer;
  config: NotificationConfig;
}

/** Tells the owner of a batch that it is done: one email, with links. */
export function createNotificationService(dependencies: NotificationDependencies): Service {
  const email = runDelivery(
    batchEmail({ ...dependencies, report: createEmailReport(dependencies) }),
    dependencies,
  );
  return { ...email, name: 'notification', waitingFor: () => dependencies.mailer.waitingFor() };
}
