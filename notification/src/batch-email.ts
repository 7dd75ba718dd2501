import { queues } from '@image-organizer/contracts/topology';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { MailRefusedError, type Mailer } from '@image-organizer/adapters/mailer/mailer';
import type { DeliveryDefinition } from '@image-organizer/pipeline/run-delivery';
import type { Clock } from '@image-organizer/platform/clock';
import { messageOf, PermanentError } from '@image-organizer/platform/errors';
import { batchMail, imagesPerMail } from './domain/batch-mail.ts';
import { createMailLinks } from './domain/mail-links.ts';
import type { NotificationConfig } from './config.ts';
import type { ReportEmail } from './email-report.ts';

const dayMs = 86_400_000;

type BatchIds = { batchId: string; ownerId: string };

/** One email per batch, under the key that the catalogue's `batchesWithoutDelivery` looks for. */
export const batchEmail = ({
  catalog,
  mailer,
  clock,
  config,
  report,
}: {
  catalog: Catalog;
  mailer: Mailer;
  clock: Clock;
  config: NotificationConfig;
  report: ReportEmail;
}): DeliveryDefinition<BatchIds> => ({
  name: 'email',
  consumes: queues.notificationBatchCompleted,
  concurrency: 2,
  deadlineMs: 20_000,
  keyOf: ({ batchId }) => `email:${batchId}`,
  async send({ batchId, ownerId }) {
    const batch = await catalog.getBatch(ownerId, batchId);
    if (!batch) throw new PermanentError('BATCH_UNKNOWN', 'what the message names is not in the catalogue');
    if (!batch.notify) return;
    const { items: images } = await catalog.listImages({
      ownerId,
      batchId,
      sort: 'filename',
      limit: imagesPerMail,
    });
    const { publicUrl, linkSecret: secret, linkDays, mailFrom: from } = config;
    // Counted from the batch's end, so that the mail is the same at every try.
    const expires = new Date((batch.completedAt ?? clock.now()).getTime() + linkDays * dayMs);
    const links = createMailLinks({ publicUrl, secret, expires });
    const domain = new URL(publicUrl).hostname;
    try {
      await mailer.send(batchMail({ batch, images, links, from, domain, linkDays }));
    } catch (error) {
      const refused = error instanceof MailRefusedError;
      report(refused ? 'refused' : 'retried', { batchId, reason: messageOf(error) });
      throw refused ? new PermanentError('MAIL_REFUSED', error.message, { cause: error }) : error;
    }
    report('sent', { batchId });
  },
});
