import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord } from '@image-organizer/adapters/catalog/records';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import type { WebhookDelivery, WebhookEndpoint } from '@image-organizer/adapters/catalog/webhooks';
import { createGuardedFetch } from '@image-organizer/adapters/http-client/guarded-fetch';
import type { Mail } from '@image-organizer/adapters/mailer/mailer';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import { batchCompletedEntry, messageOfEntry } from '@image-organizer/pipeline/outbox-entry';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { newWebhookSecret } from '@image-organizer/platform/webhook-secret';
import { newBatch } from '@image-organizer/testing/builders';
import { organized } from '@image-organizer/testing/catalog-suite/harness';
import { until } from '@image-organizer/testing/until';
import { startWebServer } from '@image-organizer/testing/web-server';
import { createNotificationService } from '../../src/service.ts';

export const linkSecret = 's'.repeat(32);
export const ownerId = randomUUID();

export interface ReceivedCall {
  headers: Record<string, string>;
  body: string;
}

export interface TestOptions {
  /** Puts something between the service and the real catalogue. */
  catalog?: (real: Catalog) => Catalog;
  /** This machine, unless told. */
  allowedNetworks?: string[];
  /** Of a call, milliseconds. */
  timeoutMs?: number;
}

export type TestNotification = Awaited<ReturnType<typeof startNotification>>;

/** The service on embedded adapters and a clock that tests move, and a receiver of webhooks that answers as told. */
export async function startNotification(answer: RequestListener, options: TestOptions = {}) {
  let offsetMs = 0;
  const clock = { now: () => new Date(Date.now() + offsetMs) };
  const log = silentLog();
  const catalog = createSqliteCatalog({ path: ':memory:', clock });
  const bus = createMemoryBus({ log, retryDelaysMs: [2, 4, 6] });
  const metrics = createMetrics({ service: 'test', process: false });
  const mails: Mail[] = [];
  const calls: ReceivedCall[] = [];
  const receiver = await startWebServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      calls.push({ headers: request.headers as Record<string, string>, body });
      answer(request, response);
    });
  });
  const { allowedNetworks = ['127.0.0.0/8'], timeoutMs = 15_000 } = options;
  const service = createNotificationService({
    ...{ bus, clock, log, metrics, instanceId: 'notification-1', relayHint: () => {}, pollMs: 10 },
    catalog: options.catalog?.(catalog) ?? catalog,
    mailer: { send: async (mail) => void mails.push(mail), waitingFor: () => [], close: async () => {} },
    http: createGuardedFetch({ allowedNetworks, ports: [receiver.port], timeoutMs }),
    config: {
      ...{ publicUrl: 'https://images.example.org', mailFrom: 'io@example.org' },
      ...{ linkSecret, linkDays: 30 },
    },
  });
  await service.start();

  return {
    catalog,
    metrics,
    mails,
    calls,
    url: `${receiver.url}/hook?token=t0ken`,
    now: () => clock.now(),
    advance: (ms: number) => void (offsetMs += ms),
    async addEndpoint(url = `${receiver.url}/hook`): Promise<WebhookEndpoint> {
      const endpoint = {
        ...{ id: randomUUID(), ownerId, url, secret: newWebhookSecret() },
        ...{ createdAt: clock.now(), disabledAt: null },
      };
      await catalog.addWebhook(endpoint, 20);
      return endpoint;
    },
    /** A batch of one organised image that has come to its end; nobody was told. */
    async completeBatch(overrides: Partial<BatchRecord> = {}): Promise<BatchRecord> {
      const { id: batchId } = await catalog.openBatch(newBatch({ ownerId, ...overrides }));
      await organized(catalog, { ownerId, batchId });
      await catalog.sealBatch(batchId);
      const event = batchCompletedEntry({ batchId, ownerId, requestId: null }, clock.now());
      await catalog.settleBatch(batchId, clock.now(), event);
      await catalog.markPublished(event);
      return (await catalog.getBatch(ownerId, batchId))!;
    },
    /** Publishes batch.completed, and resolves when it was taken. */
    async tell({ id: batchId }: BatchRecord): Promise<void> {
      const event = batchCompletedEntry({ batchId, ownerId, requestId: null }, clock.now());
      await bus.publish(messageOfEntry(event));
      await bus.idle();
    },
    deliveries: (endpointId: string | null = null) =>
      catalog.listWebhookDeliveries({ ownerId, endpointId, limit: 100 }),
    /** Resolves with the newest delivery once it is as wanted. */
    async delivery(
      wanted: (delivery: WebhookDelivery) => boolean,
      endpointId: string | null = null,
    ): Promise<WebhookDelivery> {
      let found: WebhookDelivery | undefined;
      await until(async () => {
        [found] = await catalog.listWebhookDeliveries({ ownerId, endpointId, limit: 1 });
        return found !== undefined && wanted(found);
      });
      return found!;
    },
    async stop() {
      await service.stop();
      await receiver.close();
      await bus.close();
      await catalog.close();
    },
  };
}
