import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { Counter } from 'prom-client';
import type { AcceptedUpload } from './domain/accept-upload.ts';

export type ReportUpload = (accepted: AcceptedUpload, requestId: string) => void;

/** The log line and the metrics of one upload that was answered 202. */
export function createReportUpload(log: Log, metrics?: Metrics): ReportUpload {
  const registers = metrics ? [metrics] : [];
  const counted = new Counter({
    name: 'upload_files_total',
    help: 'Files of uploads that were answered 202: `stored`, or the code of the refusal.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const stored = new Counter({ name: 'upload_bytes_total', help: 'Bytes of the files stored.', registers });
  return ({ batchId, images, files }, requestId) => {
    for (const file of files) {
      counted.inc({ outcome: 'stored' in file ? 'stored' : file.refused.code });
      if ('stored' in file) stored.inc(file.stored.size);
    }
    log.info(
      { requestId, batchId, images: images.length, refused: files.length - images.length },
      'upload accepted',
    );
  };
}
