import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord } from '@image-organizer/adapters/catalog/records';
import { MailRefusedError, type Mailer } from '@image-organizer/adapters/mailer/mailer';
import type { Clock } from '@image-organizer/platform/clock';
import { messageOf, PermanentError } from '@image-organizer/platform/errors';
import { batchMail, imagesPerMail } from './domain/batch-mail.ts';
import { linksOf } from './domain/links.ts';
import type { NotificationConfig } from './config.ts';
import type { ReportEmail } from './email-report.ts';

export interface BatchEmailDependencies {
  catalog: Catalog;
  mailer: Mailer;
  clock: Clock;
  config: Pick<NotificationConfig, 'publicUrl' | 'linkSecret' | 'linkDays' | 'mailFrom'>;
  report: ReportEmail;
}

/** Writes the email of a batch to its owner. @throws PermanentError where it will never be taken */
export const createBatchEmail =
  ({ catalog, mailer, clock, config, report }: BatchEmailDependencies) =>
  async (batch: BatchRecord): Promise<void> => {
    const { id: batchId, ownerId } = batch;
    const { items: images } = await catalog.listImages({
      ...{ ownerId, batchId, sort: 'filename', limit: imagesPerMail },
    });
    const imported = batch.kind === 'import' ? await catalog.getImport(ownerId, batchId) : undefined;
    const { publicUrl, linkDays, mailFrom: from } = config;
    const links = linksOf(batch, config, clock.now());
    const domain = new URL(publicUrl).hostname;
    try {
      await mailer.send(batchMail({ batch, imported, images, links, from, domain, linkDays }));
    } catch (error) {
      const refused = error instanceof MailRefusedError;
      report(refused ? 'refused' : 'retried', { batchId, reason: messageOf(error) });
      throw refused ? new PermanentError('MAIL_REFUSED', error.message, { cause: error }) : error;
    }
    report('sent', { batchId });
  };
