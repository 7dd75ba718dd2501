import { randomUUID } from 'node:crypto';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import { unlimited } from '@image-organizer/contracts/http/access-token';
import { createGatewayService } from '@image-organizer/gateway/service';
import { systemClock } from '@image-organizer/platform/clock';
import { createHttpServer } from '@image-organizer/platform/http/http-server';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { serveKeys } from './serve-keys.ts';

/** The gateway alone on a free port, with a token of `ownerId`; nobody relays what it records. */
export async function serveGateway(
  stores: { blobs: BlobStore; catalog: Catalog },
  { maxUploadBytes, ownerId }: { maxUploadBytes: number; ownerId?: string },
) {
  const log = silentLog();
  const { url: authUrl, token } = await serveKeys(ownerId);
  const { router } = createGatewayService({
    ...stores,
    bus: createMemoryBus({ log, retryDelaysMs: [1] }),
    authUrl,
    clock: systemClock,
    log,
    relayHint: () => {},
    config: {
      maxUploadBytes,
      maxFilesPerUpload: 1_000,
      uploadGraceSeconds: 3_600,
      linkSecret: randomUUID() + randomUUID(),
      publicUrl: '',
      maxImportRows: 1_000_000,
      linkDays: 30,
      rateLimitPerMinute: 0,
      rateLimitPerAddress: 0,
      defaultQuota: unlimited,
    },
  });
  const metrics = createMetrics({ service: 'gateway', process: false });
  const server = createHttpServer({ port: 0, router, log, metrics, waitingFor: () => [] });
  await server.start();
  return { url: server.url, token };
}
