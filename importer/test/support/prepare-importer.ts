import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import type { ImportRow } from '@image-organizer/adapters/catalog/imports';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import type { Quota } from '@image-organizer/contracts/http/access-token';
import { defaultRetryPolicy } from '@image-organizer/pipeline/retry-policy';
import { createSweeper } from '@image-organizer/pipeline/sweeper';
import type { Clock } from '@image-organizer/platform/clock';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { until } from '@image-organizer/testing/until';
import type { ImporterConfig } from '../../src/config.ts';
import { createImporterService } from '../../src/service.ts';
import { recordImport } from './record-import.ts';

/** One importer on the embedded adapters and a clock that tests move. It looks often, once it is started. */
export async function prepareImporter(config: Partial<ImporterConfig> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'importer-'));
  let offsetMs = 0;
  const clock: Clock = { now: () => new Date(Date.now() + offsetMs) };
  const log = silentLog();
  const metrics = createMetrics({ service: 'test', process: false });
  const catalog = createSqliteCatalog({ path: join(directory, 'catalog.db') });
  const blobs = await createDiskBlobStore({ directory: join(directory, 'blobs'), log });
  const bus = createMemoryBus({ log, retryDelaysMs: [2, 4, 6] });
  const dependencies = {
    ...{ bus, catalog, blobs, clock, log, metrics, instanceId: 'importer-1' },
    relayHint: () => {}, // what follows on an upload is not this service's
    policy: { ...defaultRetryPolicy, delaysMs: [1_000, 2_000, 3_000] },
    leaseMs: 300,
  };
  const service = createImporterService({
    ...dependencies,
    config: {
      fetch: { allowedNetworks: ['127.0.0.0/8'], ports: [] },
      ...{ concurrency: 8, perHost: 4, pollMs: 10, maxBytes: 10_000, graceSeconds: 3_600 },
      ...config,
    },
  });
  const sweeper = createSweeper({ ...dependencies, blobGraceMs: 0 });
  const owner = { ownerId: randomUUID(), ownerEmail: 'anna@example.com' };

  const rowsOf = (importId: string): Promise<ImportRow[]> =>
    catalog.listImportRows({ ownerId: owner.ownerId, importId, after: 0, limit: 1_000 });
  const importOf = async (importId: string) => (await catalog.getImport(owner.ownerId, importId))!;
  const isSettled = ({ status }: ImportRow) => status === 'done' || status === 'failed';

  return {
    ...dependencies,
    ...{ service, sweeper, owner, rowsOf, importOf },
    advance: (ms: number) => void (offsetMs += ms),
    record: (rows: string[][], quota?: Quota) => recordImport(catalog, owner, rows, clock.now(), quota),
    batchOf: async (importId: string) => (await catalog.getBatch(owner.ownerId, importId))!,
    imagesOf: async (importId: string) =>
      (
        await catalog.listImages({
          ownerId: owner.ownerId,
          batchId: importId,
          sort: 'filename',
          limit: 1_000,
        })
      ).items,
    blobIds: async () => (await blobs.list({ limit: 1_000 })).map(({ id }) => id),
    settled: (importId: string) => until(async () => (await rowsOf(importId)).every(isSettled)),
    finished: (importId: string) => until(async () => (await importOf(importId)).completedAt !== null),
    async stop() {
      await service.stop();
      await bus.close();
      await Promise.all([catalog.close(), blobs.close()]);
      await rm(directory, { recursive: true });
    },
  };
}
