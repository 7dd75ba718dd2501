import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { hardenSharp } from '@image-organizer/ocr/adapters/sharp-settings';
import { createTesseractEngine } from '@image-organizer/ocr/adapters/tesseract-engine';
import { readOcrConfig } from '@image-organizer/ocr/config';
import { extractStage } from '@image-organizer/ocr/extract-stage';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import type { UploadFile } from '../../e2e/support/client.ts';

/**
 * What reading images costs with nothing around it: decode, renditions, text, by the code and the settings of the ocr
 * service, without HTTP, disk, catalogue or bus.
 */
export function createPureCompute(workers: number) {
  hardenSharp();
  const config = readOcrConfig({ OCR_WORKERS: String(workers) });
  const log = silentLog();
  const engine = createTesseractEngine({
    languages: config.languages,
    dataDir: config.tessdataDir,
    workers,
    deadlineMs: config.ocrDeadlineMs,
    metrics: createMetrics({ service: 'bench', process: false }),
    log,
  });

  /** Reads one image with a blob store that keeps nothing. */
  async function one({ name, bytes }: UploadFile): Promise<void> {
    const blobs = {
      open: async () => Readable.from([Buffer.from(bytes)]),
      put: async (id: string, source: Readable) => {
        source.resume();
        return { id, size: 0, sha256: '' };
      },
    } as unknown as BlobStore;
    const stage = extractStage({ blobs, catalog: { getImage: async () => undefined }, engine, config });
    const image = { id: randomUUID(), filename: name, size: bytes.length, duplicateOf: null } as ImageRecord;
    const { signal } = new AbortController();
    await stage.work(image, { epoch: 1, attempt: 1, signal, log, report: async () => {} });
  }

  return {
    one,
    /** As many at once as there are workers. */
    async all(files: UploadFile[]): Promise<void> {
      const queue = files.values();
      await Promise.all(
        Array.from({ length: workers }, async () => {
          for (const file of queue) await one(file);
        }),
      );
    },
    close: () => engine.close(),
  };
}
