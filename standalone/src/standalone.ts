import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createAuthService } from '@image-organizer/auth/service';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import { createHardLinkLibrary } from '@image-organizer/adapters/library-tree/hard-links';
import { createEmlMailer } from '@image-organizer/adapters/mailer/eml-files';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import { createSqliteUserStore } from '@image-organizer/adapters/user-store/sqlite';
import { createClassifierService } from '@image-organizer/classifier/service';
import { createGatewayService } from '@image-organizer/gateway/service';
import { createNotificationService } from '@image-organizer/notification/service';
import { createOcrService } from '@image-organizer/ocr/service';
import { createOrganizerService } from '@image-organizer/organizer/service';
import { createOutboxRelay } from '@image-organizer/pipeline/outbox-relay';
import { createSweeper } from '@image-organizer/pipeline/sweeper';
import { systemClock } from '@image-organizer/platform/clock';
import { createHttpServer } from '@image-organizer/platform/http/http-server';
import type { Log } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { combineServices, type Service } from '@image-organizer/platform/service';
import { lockDirectory } from './adapters/directory-lock.ts';
import type { StandaloneConfig } from './config.ts';
import { watchBatches } from './progress.ts';
import { loadSecrets } from './secrets.ts';

export interface Standalone extends Service {
  /** Known once started. */
  readonly url: string;
  readonly dataDirectory: string;
  readonly firstAccount: { email: string; madePassword: string | null };
}

/** Every service in one process on embedded adapters: what `npm start` runs. */
export async function createStandalone(
  config: StandaloneConfig,
  { log, write, redraw }: { log: Log; write: (text: string) => void; redraw: boolean },
): Promise<Standalone> {
  const dataDirectory = resolve(config.DATA_DIR);
  mkdirSync(dataDirectory, { recursive: true });
  const inData = (name: string) => join(dataDirectory, name);
  const lock = lockDirectory(dataDirectory);
  const linkSecret = config.linkSecret ?? loadSecrets(dataDirectory).linkSecret;
  const clock = systemClock;
  const metrics = createMetrics({ service: 'standalone' });
  const instanceId = randomUUID();

  const progress = watchBatches(createSqliteCatalog({ path: inData('catalog.db') }), { write, redraw });
  const { catalog } = progress;
  const blobs = await createDiskBlobStore({ directory: inData('blobs'), log });
  const users = createSqliteUserStore({ path: inData('users.db') });
  const bus = createMemoryBus({ log, metrics });
  const mailer = createEmlMailer({ directory: inData('mail') });
  const library = createHardLinkLibrary({ directory: inData('library'), blobs });

  const relay = createOutboxRelay({ catalog, bus, clock, log, metrics, instanceId });
  const stage = { bus, blobs, catalog, clock, log, metrics, instanceId, relayHint: relay.hint };
  const blobGraceMs = config.UPLOAD_GRACE_SECONDS * 1000;
  const sweeper = createSweeper({ ...stage, blobGraceMs, everyMs: config.SWEEP_SECONDS * 1000 });

  const auth = createAuthService({ users, clock, log, config: config.auth });
  const authServer = createHttpServer({
    port: 0,
    host: '127.0.0.1',
    router: auth.router,
    log,
    metrics: createMetrics({ service: 'auth', process: false }),
    waitingFor: () => [],
  });

  let gatewayServer: ReturnType<typeof createHttpServer> | undefined;
  /** Begun once auth's port is known, because the gateway talks to auth over HTTP as in production (ADR 5). */
  const gateway: Service = {
    name: 'gateway',
    async start() {
      const service = createGatewayService({
        ...stage,
        authUrl: authServer.url,
        config: { ...config.gateway, linkSecret },
      });
      gatewayServer = createHttpServer({
        port: config.PORT,
        router: service.router,
        log,
        metrics,
        waitingFor: () => [],
      });
      await gatewayServer.start();
    },
    stop: async () => gatewayServer?.stop(),
  };
  /** Its links begin with the gateway's address, so it comes after the gateway. */
  let notification: Service | undefined;
  const notifications: Service = {
    name: 'notification',
    async start() {
      const publicUrl = config.PUBLIC_URL ?? gatewayServer!.url.replace('127.0.0.1', 'localhost');
      notification = createNotificationService({
        ...stage,
        mailer,
        config: { ...config.notification, publicUrl, linkSecret },
      });
      await notification.start();
    },
    stop: async () => notification?.stop(),
  };

  const services = combineServices('standalone', [
    createOcrService({ ...stage, config: config.ocr }),
    createClassifierService({ ...stage, config: config.classifier }),
    createOrganizerService({ ...stage, library }),
    auth,
    authServerService(authServer),
    relay,
    gateway,
    notifications,
    sweeper,
  ]);

  return {
    name: 'standalone',
    dataDirectory,
    get url() {
      return gatewayServer!.url.replace('127.0.0.1', 'localhost');
    },
    get firstAccount() {
      return auth.firstAccount;
    },
    async start() {
      // The directory is ours alone and the bus is new: whoever held a lease is dead, and no event is on its way.
      await catalog.releaseAllLeases();
      await sweeper.sweep({ nothingOnTheWay: true });
      await services.start();
      progress.start();
    },
    async stop() {
      await services.stop();
      progress.stop();
      await bus.close();
      await Promise.all([catalog.close(), blobs.close(), users.close(), mailer.close()]);
      lock.release();
    },
  };
}

const authServerService = (server: ReturnType<typeof createHttpServer>): Service => ({
  name: 'auth-http',
  start: () => server.start(),
  stop: () => server.stop(),
});
