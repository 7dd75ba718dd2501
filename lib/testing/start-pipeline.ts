import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { queues } from '@image-organizer/contracts/topology';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import { consumeEvents } from '@image-organizer/pipeline/consume-events';
import type { StageDefinition } from '@image-organizer/pipeline/define-stage';
import { batchCompletedEntry } from '@image-organizer/pipeline/outbox-entry';
import { createOutboxRelay } from '@image-organizer/pipeline/outbox-relay';
import { runDelivery } from '@image-organizer/pipeline/run-delivery';
import { runStage, type StageDependencies } from '@image-organizer/pipeline/run-stage';
import { stageTrigger } from '@image-organizer/pipeline/stage-trigger';
import { createSweeper } from '@image-organizer/pipeline/sweeper';
import type { Clock } from '@image-organizer/platform/clock';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { decision, extractResult, newBatch, newImage, placement } from './builders.ts';

type Ids = { imageId: string; ownerId: string };
type Extract = StageDefinition<'extract', Ids>;
type Classify = StageDefinition<'classify', Ids>;
type Organize = StageDefinition<'organize', Ids>;

export interface PipelineOptions {
  extract?: Partial<Extract>;
  classify?: Partial<Classify>;
  organize?: Partial<Organize>;
  /** What sending an email does. */
  send?: (data: { batchId: string }) => Promise<void>;
  /** The relay does not run unless asked: what it would publish stays in the outbox. */
  withoutRelay?: boolean;
}

/** The delivery protocol with stages that do nearly nothing, on the embedded adapters and a clock that tests move. */
export async function startPipeline(options: PipelineOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'pipeline-'));
  let offsetMs = 0;
  const clock: Clock = { now: () => new Date(Date.now() + offsetMs) };
  const log = silentLog();
  const metrics = createMetrics({ service: 'test', process: false });
  const catalog = createSqliteCatalog({ path: join(directory, 'catalog.db') });
  const blobs = await createDiskBlobStore({ directory: join(directory, 'blobs'), log });
  const bus = createMemoryBus({ log, retryDelaysMs: [2, 4, 6] });
  const relay = createOutboxRelay({
    catalog,
    bus,
    clock,
    log,
    metrics,
    instanceId: 'worker-1',
    pollMs: 5,
    hintedMs: 0,
  });
  const dependencies: StageDependencies = {
    bus,
    catalog,
    clock,
    log,
    metrics,
    instanceId: 'worker-1',
    relayHint: relay.hint,
  };
  const sweeper = createSweeper({ ...dependencies, blobs, blobGraceMs: 60_000 });
  const ownerId = randomUUID();
  const counted = { extract: 0, classify: 0, organize: 0 };
  const common = { deadlineMs: 10_000, concurrency: 2 };

  const stages = {
    extract: {
      name: 'extract',
      consumes: queues.ocrImageUploaded,
      ...common,
      work: async () => extractResult(),
      ...options.extract,
    } satisfies Extract,
    classify: {
      name: 'classify',
      consumes: queues.classifierImageExtracted,
      ...common,
      work: async () => ({ decision: decision() }),
      ...options.classify,
    } satisfies Classify,
    organize: {
      name: 'organize',
      consumes: queues.organizerImageClassified,
      ...common,
      work: async (image: ImageRecord) => ({ placement: placement({ filename: `${image.id}.jpg` }) }),
      ...options.organize,
    } satisfies Organize,
  };
  const counting = <Definition extends Extract | Classify | Organize>(
    definition: Definition,
  ): Definition => ({
    ...definition,
    work: (image: ImageRecord, context: never) => {
      counted[definition.name] += 1;
      return definition.work(image, context);
    },
  });

  const settle = async ({ batchId, ownerId }: { batchId: string; ownerId: string }) => {
    const now = clock.now();
    const event = batchCompletedEntry({ batchId, ownerId, requestId: null }, now);
    if (await catalog.settleBatch(batchId, now, event)) relay.hint(event);
    return { kind: 'ack' } as const;
  };
  const services: Service[] = [
    runStage(counting(stages.extract), dependencies),
    runStage(counting(stages.classify), dependencies),
    runStage(counting(stages.organize), dependencies),
    consumeEvents(queues.organizerImageOrganized, { concurrency: 1 }, dependencies, ({ data }) =>
      settle(data),
    ),
    consumeEvents(queues.organizerImageFailed, { concurrency: 1 }, dependencies, ({ data }) => settle(data)),
    runDelivery(
      {
        name: 'email',
        consumes: queues.notificationBatchCompleted,
        ...common,
        keyOf: ({ batchId }) => `email:${batchId}`,
        send: options.send ?? (async () => {}),
      },
      dependencies,
    ),
    ...(options.withoutRelay ? [] : [relay]),
  ];
  for (const service of services) await service.start();

  async function upload(): Promise<{ imageId: string; batchId: string }> {
    const imageId = randomUUID();
    const batchId = randomUUID();
    const now = clock.now();
    const owner = { ownerId, ownerEmail: 'anna@example.com' };
    await blobs.put(imageId, Readable.from([Buffer.from(imageId)]));
    const expiresAt = new Date(now.getTime() + 60_000);
    await catalog.openBatch(newBatch({ id: batchId, ...owner, createdAt: now, expiresAt }));
    const image = newImage({ id: imageId, ...owner, batchId, uploadedAt: now });
    const event = stageTrigger(image, 'extract', now);
    await catalog.acceptImage(image, event);
    await catalog.sealBatch(batchId);
    relay.hint(event);
    return { imageId, batchId };
  }

  /** Resolves when nothing is on its way: neither recorded nor on the bus. */
  async function idle(): Promise<void> {
    do {
      await bus.idle();
      await new Promise((resolve) => setImmediate(resolve));
    } while ((await catalog.dueOutbox(1)).length > 0);
    await bus.idle();
  }

  return {
    ...dependencies,
    blobs,
    relay,
    sweeper,
    ownerId,
    /** How often the work of each stage began. */
    counted,
    upload,
    idle,
    image: async (imageId: string) => (await catalog.getImage(ownerId, imageId))!,
    advance: (ms: number) => void (offsetMs += ms),
    async stop() {
      for (const service of services.toReversed()) await service.stop();
      await bus.close();
      await Promise.all([catalog.close(), blobs.close()]);
      await rm(directory, { recursive: true });
    },
  };
}
