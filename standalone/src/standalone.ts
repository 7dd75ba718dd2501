import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createGuardedFetch } from '@image-organizer/adapters/http-client/guarded-fetch';
import { createPublicImageUrl } from '@image-organizer/adapters/library-tree/s3-keys';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import { connect as connectAccounts } from '@image-organizer/auth/adapters/connect';
import { createAuthService } from '@image-organizer/auth/service';
import { createClassifierService } from '@image-organizer/classifier/service';
import { createGatewayService } from '@image-organizer/gateway/service';
import { createImporterService } from '@image-organizer/importer/service';
import { createNotificationService } from '@image-organizer/notification/service';
import { createOcrService } from '@image-organizer/ocr/service';
import { createOrganizerService } from '@image-organizer/organizer/service';
import { createOutboxRelay } from '@image-organizer/pipeline/outbox-relay';
import { defaultRetryPolicy } from '@image-organizer/pipeline/retry-policy';
import { createSweeper } from '@image-organizer/pipeline/sweeper';
import { systemClock } from '@image-organizer/platform/clock';
import { messageOf } from '@image-organizer/platform/errors';
import { createHttpServer } from '@image-organizer/platform/http/http-server';
import type { Log } from '@image-organizer/platform/log';
import { createMetrics, registerServers } from '@image-organizer/platform/metrics';
import { combineServices, type Service } from '@image-organizer/platform/service';
import { startTracing } from '@image-organizer/platform/tracing';
import { lockDirectory } from './adapters/directory-lock.ts';
import { chooseAdapters, type Adapters } from './choose-adapters.ts';
import type { StandaloneConfig } from './config.ts';
import { createInbox } from './inbox.ts';
import { createInboxUpload } from './inbox-upload.ts';
import { watchBatches } from './progress.ts';
import { loadSecrets } from './secrets.ts';

export interface Standalone extends Service {
  /** Known once started. */
  readonly url: string;
  readonly dataDirectory: string;
  readonly inboxDirectory: string;
  readonly firstAccount: { email: string; madePassword: string | null };
}

export interface StandaloneOptions {
  log: Log;
  /** What takes text for the terminal, redrawn where it is one. */
  write: (text: string) => void;
  redraw: boolean;
  /** Instead of the one that the settings name; closed by whoever made it. */
  bus?: MessageBus;
}

/** Every service in one process, on embedded adapters where no server is named: what `npm start` runs. */
export async function createStandalone(
  config: StandaloneConfig,
  { log, write, redraw, ...overrides }: StandaloneOptions,
): Promise<Standalone> {
  const dataDirectory = resolve(config.dataDir);
  const inboxDirectory = resolve(config.inboxDir);
  mkdirSync(dataDirectory, { recursive: true });
  const lock = lockDirectory(dataDirectory);
  const linkSecret = config.linkSecret ?? loadSecrets(dataDirectory).linkSecret;
  const clock = systemClock;
  const tracing = await startTracing({ service: 'standalone', log, ...config.tracing });
  const metrics = createMetrics({ service: 'standalone', exemplars: tracing.on });
  const instanceId = randomUUID();

  const adapters = await chooseAdapters(config, { directory: dataDirectory, log, metrics });
  const { blobs, mailer, library } = adapters;
  const bus = overrides.bus ?? adapters.bus;
  const accounts = connectAccounts(config.auth, log);
  registerServers(metrics, serversOf(config, adapters, accounts));
  const progress = watchBatches(adapters.catalog, { write, redraw });
  const { catalog } = progress;

  const relay = createOutboxRelay({ catalog, bus, clock, log, metrics, instanceId });
  const policy = { ...defaultRetryPolicy, delaysMs: config.adapters.bus.retryDelaysMs };
  const stage = { bus, blobs, catalog, clock, log, metrics, instanceId, relayHint: relay.hint, policy };
  const sweeper = createSweeper({ ...stage, ...config.organizer });

  /** Known once the gateway listens. */
  const publicUrl = () => config.publicUrl ?? gatewayServer!.url.replace('127.0.0.1', 'localhost');
  const auth = createAuthService({
    ...{ ...accounts, clock, log, metrics, mailer, config: config.auth },
    publicUrl,
  });
  const authServer = createHttpServer({
    port: 0,
    host: '127.0.0.1',
    router: auth.router,
    log,
    metrics,
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
        ...(config.gateway.s3 && { publicImageUrl: createPublicImageUrl(config.gateway.s3) }),
      });
      gatewayServer = createHttpServer({
        port: config.port,
        metricsPort: config.metricsPort,
        trustProxy: config.trustProxy,
        router: service.router,
        log,
        metrics,
        waitingFor: () => [...adapters.waitingFor(), ...(auth.waitingFor?.() ?? [])],
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
      notification = createNotificationService({
        ...stage,
        mailer,
        http: createGuardedFetch(config.notification.fetch),
        config: { ...config.notification, publicUrl: publicUrl(), linkSecret },
      });
      await notification.start();
    },
    stop: async () => notification?.stop(),
  };

  /** Its owner is known once auth has started. */
  let inbox: Service | undefined;
  const inboxOfFirstAccount: Service = {
    name: 'inbox',
    async start() {
      const owner = await accounts.users.findUserByEmail(auth.firstAccount.email);
      if (!owner) return log.warn('the first account is gone: the inbox is not watched');
      const { maxUploadBytes: maxBytes, uploadGraceSeconds: graceSeconds } = config.gateway;
      const upload = createInboxUpload({
        ...{ ...stage, owner, maxBytes, graceSeconds, newId: randomUUID },
        defaultQuota: config.gateway.defaultQuota,
        quotaOf: async () => ((await accounts.users.findUserByEmail(owner.email)) ?? owner).quota,
      });
      inbox = createInbox({ directory: inboxDirectory, upload, clock, log });
      await inbox.start();
    },
    stop: async () => inbox?.stop(),
  };

  const services = combineServices('standalone', [
    createOcrService({ ...stage, config: config.ocr }),
    createClassifierService({ ...stage, config: config.classifier }),
    createOrganizerService({ ...stage, library }),
    createImporterService({ ...stage, config: config.importer }),
    auth,
    authServerService(authServer),
    relay,
    gateway,
    notifications,
    sweeper,
    inboxOfFirstAccount,
  ]);

  return {
    name: 'standalone',
    dataDirectory,
    inboxDirectory,
    get url() {
      return gatewayServer!.url.replace('127.0.0.1', 'localhost');
    },
    get firstAccount() {
      return auth.firstAccount;
    },
    async start() {
      // The directory is ours alone: whoever held a lease is dead. A bus in memory is empty: no event is on its way.
      if (config.adapters.stores.kind === 'embedded') await catalog.releaseAllLeases();
      await services.start();
      if (config.adapters.bus.kind === 'memory') {
        await sweeper
          .sweep({ nothingOnTheWay: true })
          .catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'the first sweep failed'));
      }
      progress.start();
    },
    async stop() {
      await services.stop();
      progress.stop();
      await Promise.all([adapters.close(), accounts.close()]);
      await tracing.stop();
      lock.release();
    },
  };
}

const authServerService = (server: ReturnType<typeof createHttpServer>): Service => ({
  name: 'auth-http',
  start: () => server.start(),
  stop: () => server.stop(),
});

/** The servers that stand in for embedded adapters. */
const serversOf = (
  { adapters: chosen, auth }: StandaloneConfig,
  { bus, catalog }: Adapters,
  { users }: ReturnType<typeof connectAccounts>,
) => ({
  ...(chosen.bus.kind === 'rabbitmq' && { rabbitmq: () => bus.waitingFor() }),
  ...(chosen.stores.kind === 'mongo' && { mongo: () => catalog.waitingFor() }),
  ...(auth.users.kind === 'mysql' && { mysql: () => users.waitingFor() }),
});
