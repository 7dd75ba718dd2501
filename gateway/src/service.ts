import { randomUUID } from 'node:crypto';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { createAccessTokenVerifier } from '@image-organizer/platform/access-token-verifier';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { createLinkSigner } from '@image-organizer/platform/signed-link';
import { Router } from 'express';
import { createApiTokenVerifier } from './adapters/api-token-verifier.ts';
import { createAuthClient } from './adapters/auth-client.ts';
import type { GatewayConfig } from './config.ts';
import { adminRoutes } from './http/admin-routes.ts';
import { accountRoutes, authRoutes } from './http/auth-routes.ts';
import { authenticate } from './http/authenticate.ts';
import { correctionRoutes } from './http/correction-routes.ts';
import { documentRoutes } from './http/document-routes.ts';
import { downloadHandlers } from './http/download-handler.ts';
import { eventRoutes } from './http/event-routes.ts';
import { exportRoutes } from './http/export-routes.ts';
import { familiarRoutes } from './http/familiar-routes.ts';
import { folderRoutes } from './http/folder-routes.ts';
import { imageRoutes } from './http/image-routes.ts';
import { importRoutes, outputHandler, sampleHandler } from './http/import-routes.ts';
import { libraryRoutes } from './http/library-routes.ts';
import { createLinks } from './http/links.ts';
import { createRateLimit } from './http/rate-limit.ts';
import { adminOnly } from './http/restrict.ts';
import { reprocessRoutes } from './http/reprocess-routes.ts';
import { reviewRoutes } from './http/review-routes.ts';
import { createSharedLink } from './http/shared-link.ts';
import { statusHandler } from './http/status-handler.ts';
import { imageHandler, importHandler, uploadHandler } from './http/upload-handler.ts';
import { webhookRoutes } from './http/webhook-routes.ts';
import { createReportUpload } from './report-upload.ts';

export interface GatewayOptions {
  blobs: BlobStore;
  bus: MessageBus;
  catalog: Catalog;
  /** http://auth:8080 */
  authUrl: string;
  clock: Clock;
  log: Log;
  metrics?: Metrics;
  config: Pick<
    GatewayConfig,
    | 'maxUploadBytes'
    | 'maxFilesPerUpload'
    | 'uploadGraceSeconds'
    | 'linkSecret'
    | 'publicUrl'
    | 'rateLimitPerMinute'
    | 'rateLimitPerAddress'
    | 'defaultQuota'
    | 'maxImportRows'
    | 'linkDays'
  >;
  /** The entry is in the outbox: whoever relays it need not wait for the next poll. */
  relayHint: (entry: OutboxEntry) => void;
  newId?: () => string;
  /** How often an open stream looks for changes by itself; tests shorten it. */
  livePollMs?: number;
  /** Where the compressed image is for everybody; null or missing: links to it are signed. */
  publicImageUrl?: (imageId: string) => string | null;
}

/** What is asked without a token. */
const publicPaths = ['/login', '/refresh', '/logout', '/register', '/password-reset'];

/** What clients talk to: takes uploads, and shows what has become of them. It only records events; a relay publishes. */
export function createGatewayService(options: GatewayOptions): Service & { router: Router } {
  const { blobs, catalog, authUrl, clock, config, newId = randomUUID } = options;
  const auth = createAuthClient(authUrl);
  const links = createLinks(config.publicUrl);
  const rateLimit = createRateLimit(config);
  const identified = authenticate({
    accessTokens: createAccessTokenVerifier({ fetchJwks: auth.fetchJwks, clock }),
    apiTokens: createApiTokenVerifier({ fetchClaims: auth.fetchApiTokenClaims, clock }),
  });
  const authenticated = rateLimit.after(identified);
  const uploads = {
    ...options,
    newId,
    links,
    limits: config,
    graceSeconds: config.uploadGraceSeconds,
    defaultQuota: config.defaultQuota,
    maxImportRows: config.maxImportRows,
    reportUpload: createReportUpload(options.log, options.metrics),
  };
  const importCsv = importHandler(uploads);
  const linkSigner = createLinkSigner(config.linkSecret);
  const [mayDownload, sendDownload] = downloadHandlers({
    ...options,
    authenticated: identified,
    linkSigner,
  });
  const download = [rateLimit.after(mayDownload), sendDownload];
  const { publicImageUrl = () => null } = options;
  const sharedLink = createSharedLink({ ...config, clock, linkSigner, publicImageUrl });
  const imports = { ...options, links, sharedLink };

  const router = Router();
  router.use(documentRoutes());
  for (const path of publicPaths) router.use(path, rateLimit.ofAddress);
  router.use(authRoutes(auth));
  router.use(
    familiarRoutes({
      ...{ authenticated, importCsv, download },
      upload: uploadHandler(uploads),
      status: statusHandler(catalog, links),
      sampleCsv: sampleHandler,
      outputCsv: outputHandler(imports),
    }),
  );
  router.use('/api', authenticated);
  router.use('/api/admin', adminOnly);
  router.use(accountRoutes(auth));
  router.post('/api/images', imageHandler(uploads));
  router.post('/api/imports', importCsv);
  router.use(
    '/api',
    imageRoutes({ ...options, links }),
    correctionRoutes({ ...options, links }),
    reviewRoutes({ ...options, links }),
    reprocessRoutes({ ...options, links }),
    folderRoutes(options),
    libraryRoutes(catalog, links),
    exportRoutes(options),
    importRoutes(imports),
    eventRoutes({ ...options, pollMs: options.livePollMs, authenticated: identified }),
    webhookRoutes({ ...options, newId }),
    adminRoutes(options),
  );

  return {
    name: 'gateway',
    router,
    start: async () => {},
    stop: async () => {}, // the HTTP server waits for the requests in flight
    waitingFor: () => [...blobs.waitingFor(), ...catalog.waitingFor()],
  };
}
