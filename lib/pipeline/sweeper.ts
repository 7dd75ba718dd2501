import { queues } from '@image-organizer/contracts/topology';
import { lane, stageNames, type StageName } from '@image-organizer/contracts/vocabulary';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import type { Catalog, StageLane } from '@image-organizer/adapters/catalog/catalog';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import type { Clock } from '@image-organizer/platform/clock';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { Counter } from 'prom-client';
import { createDropDeadImports } from './drop-dead-imports.ts';
import { createEmptyTrash } from './empty-trash.ts';
import { createOrphanScan } from './orphan-scan.ts';
import { batchCompletedEntry } from './outbox-entry.ts';
import { stageQueues, stageTrigger } from './stage-trigger.ts';

export interface SweeperOptions {
  bus: Pick<MessageBus, 'depth'>;
  catalog: Catalog;
  blobs: BlobStore;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  instanceId: string;
  relayHint: (entry: OutboxEntry) => void;
  /** Milliseconds between sweeps. */
  everyMs?: number;
  /**
   * How long a pending stage or a completed batch may lie without an event before its event is made again, ms. Longer
   * than the longest retry delay, during which the event is on the bus. What has a backlog in front of it is waited for: an
   * event that is made again would go to the backlog's end, and while it is long all of it would be made again and again.
   */
  idleMs?: number;
  /** A blob younger than this may still get its image, ms. At least as long as an upload may take. */
  blobGraceMs: number;
  /** How long an image lies in the trash before it is forgotten, ms. 30 days. */
  trashMs?: number;
}

export interface Sweeper extends Service {
  /**
   * One sweep, now.
   * @param options.nothingOnTheWay the bus has just been made and is empty: every event without an effect is made again
   * @returns false when another process holds the lease
   */
  sweep(options?: { nothingOnTheWay: boolean }): Promise<boolean>;
}

/** What one sweep goes by. */
interface Round {
  /** What was touched later may have an event on the bus. */
  idleSince: Date;
  nothingOnTheWay: boolean;
}

const pageSize = 500;
/** A backlog that is older than this is not believed in any more. */
const longestBacklogMs = 24 * 3_600_000;
/** All of an owner's images are looked at. */
const recountedOwners = 20;

/** The net under the pipeline: finds what a crash or a wiped broker left lying, and sets it going again. */
export function createSweeper(options: SweeperOptions): Sweeper {
  const { bus, catalog, blobs, clock, log, relayHint, everyMs = 30_000, idleMs = 900_000 } = options;
  const stuck = new Counter({
    name: 'stage_stuck_total',
    help: 'Stages found stuck by the sweeper and set going again.',
    labelNames: ['stage'] as const,
    registers: [options.metrics],
  });
  for (const stage of stageNames) stuck.inc({ stage }, 0);
  const scanOrphans = createOrphanScan(options);
  const emptyTrash = createEmptyTrash(options);
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<unknown> | undefined;

  /** Of which stages and lanes messages wait. */
  async function queuedStages(): Promise<StageLane[]> {
    const all = Object.entries(stageQueues).flatMap(([stage, queue]) =>
      lane.options.map((lane) => ({ stage: stage as StageName, lane, queue })),
    );
    const depths = await Promise.all(all.map(({ queue, lane }) => bus.depth(queue, lane)));
    return all.flatMap(({ stage, lane }, index) => (depths[index]! > 0 ? [{ stage, lane }] : []));
  }

  async function requeueStuckStages({ idleSince, nothingOnTheWay }: Round): Promise<void> {
    const now = clock.now();
    // A bus that has just been made has only what was published since: nothing of what is asked for here.
    const queued = nothingOnTheWay ? [] : await queuedStages();
    const queuedSince = new Date(now.getTime() - longestBacklogMs);
    const page = await catalog.stuckStages({ now, idleSince, queued, queuedSince, limit: pageSize });
    let requeued = 0;
    for (const { image, stage } of page) {
      const event = stageTrigger(image, stage, now);
      if (!(await catalog.requeueStage({ imageId: image.id, stage, now, event }))) continue;
      relayHint(event);
      requeued += 1;
      stuck.inc({ stage });
      log.warn({ imageId: image.id, stage }, 'sweeper: a stuck stage goes on');
    }
    if (page.length === pageSize && requeued > 0) await requeueStuckStages({ idleSince, nothingOnTheWay });
  }

  async function finishBatches() {
    const now = clock.now();
    for (const batch of await catalog.unfinishedBatches(now, pageSize)) {
      if (batch.status === 'receiving') await catalog.sealBatch(batch.id);
      const event = batchCompletedEntry({ ...batch, batchId: batch.id }, now);
      if (await catalog.settleBatch(batch.id, now, event)) relayHint(event);
    }
  }

  async function requeueDeliveries({ idleSince, nothingOnTheWay }: Round) {
    if (!nothingOnTheWay && (await bus.depth(queues.notificationBatchCompleted)) > 0) return;
    const now = clock.now();
    for (const batch of await catalog.batchesWithoutDelivery({ now, idleSince, limit: pageSize })) {
      const event = batchCompletedEntry({ ...batch, batchId: batch.id }, now);
      await catalog.requeueBatchCompleted(batch.id, now, event);
      relayHint(event);
    }
  }

  async function deleteDeadUploads() {
    const expired = await catalog.expiredUploads(clock.now(), pageSize);
    // Where the image and its intent are two writes, a crash between them leaves an intent of an accepted image.
    const accepted = new Set(
      (await catalog.findImages(expired.map(({ imageId }) => imageId))).map(({ id }) => id),
    );
    for (const { imageId } of expired) {
      if (!accepted.has(imageId)) await blobs.delete(originalBlobId(imageId));
      await catalog.closeUpload(imageId);
    }
  }

  const recountTallies = () => catalog.recountTallies(clock.now(), recountedOwners);

  const chores = {
    requeueStuckStages,
    finishBatches,
    requeueDeliveries,
    deleteDeadUploads,
    dropDeadImports: createDropDeadImports(options),
    emptyTrash,
    scanOrphans,
    recountTallies,
  };

  async function sweep({ nothingOnTheWay = false } = {}) {
    const idleSince = new Date(clock.now().getTime() - (nothingOnTheWay ? 0 : idleMs));
    const lease = { name: 'sweeper', holder: options.instanceId, now: clock.now(), ttlMs: everyMs * 3 };
    if (!(await catalog.holdLease(lease))) return false;
    for (const [name, chore] of Object.entries(chores)) {
      await chore({ idleSince, nothingOnTheWay }).catch((error: unknown) =>
        log.error({ chore: name, reason: messageOf(error) }, 'sweeper: a chore failed'),
      );
    }
    return true;
  }

  const tick = () => {
    sweeping ??= sweep()
      .catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'sweeper: no sweep this time'))
      .finally(() => {
        sweeping = undefined;
      });
  };

  return {
    name: 'sweeper',
    sweep,
    async start() {
      timer = setInterval(tick, everyMs);
      tick();
    },
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
