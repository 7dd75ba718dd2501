import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import { messageOfEntry } from '@image-organizer/pipeline/outbox-entry';
import { stageTrigger } from '@image-organizer/pipeline/stage-trigger';
import { systemClock } from '@image-organizer/platform/clock';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { newImage } from '@image-organizer/testing/builders';
import { readOcrConfig } from '../src/config.ts';
import { createOcrService } from '../src/service.ts';

jest.setTimeout(60_000);

/** The service on embedded adapters. */
async function startOcr() {
  const directory = await mkdtemp(join(tmpdir(), 'ocr-'));
  const log = silentLog();
  const blobs = await createDiskBlobStore({ directory: join(directory, 'blobs'), log });
  const catalog = createSqliteCatalog({ path: join(directory, 'catalog.db') });
  const bus = createMemoryBus({ log, retryDelaysMs: [1, 1, 1] });
  const service = createOcrService({
    bus,
    blobs,
    catalog,
    clock: systemClock,
    log,
    metrics: createMetrics({ service: 'ocr', process: false }),
    instanceId: 'ocr-1',
    relayHint: () => {},
    config: readOcrConfig({ OCR_WORKERS: '1' }),
  });
  await service.start();
  return {
    /** Resolves with the image once the service has settled it. */
    async upload(file: Buffer) {
      const image = newImage({ id: randomUUID(), size: file.length });
      const entry = stageTrigger(image, 'extract', new Date());
      await blobs.put(image.id, Readable.from([file]));
      await catalog.acceptImage(image, entry);
      await bus.publish(messageOfEntry(entry));
      await bus.idle();
      const events = (await catalog.dueOutbox(10)).filter(({ id }) => id !== entry.id);
      return {
        image: await catalog.getImage(image.ownerId, image.id),
        events: events.map(({ event }) => event),
      };
    },
    async stop() {
      await service.stop();
      await bus.close();
      await Promise.all([catalog.close(), blobs.close()]);
      await rm(directory, { recursive: true });
    },
  };
}

let ocr: Awaited<ReturnType<typeof startOcr>>;
beforeEach(async () => {
  ocr = await startOcr();
});
afterEach(() => ocr.stop());

it('when an image is uploaded, then its text is in the catalogue and the next stage is told', async () => {
  const page = await readFile(join(import.meta.dirname, 'fixtures/page.png'));
  const { image, events } = await ocr.upload(page);
  expect(image).toMatchObject({ stages: { extract: { status: 'done' } }, language: 'eng' });
  expect(image!.text).toContain('Total amount due: 1,284.50 EUR');
  expect(events).toEqual(['image.extracted']);
});

it('when an uploaded file is damaged, then the image has failed at once, with the reason', async () => {
  const { image, events } = await ocr.upload(Buffer.from('no image'));
  expect(image!.stages.extract).toMatchObject({
    status: 'failed',
    attempts: 1,
    error: { code: 'UNSUPPORTED_IMAGE' },
  });
  expect(events).toEqual(['image.failed']);
});
