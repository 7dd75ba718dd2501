import { randomUUID } from 'node:crypto';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { createLinkSigner } from '@image-organizer/platform/signed-link';
import { Router } from 'express';
import { createAccessTokenVerifier } from './adapters/access-token-verifier.ts';
import { createAuthClient } from './adapters/auth-client.ts';
import type { GatewayConfig } from './config.ts';
import { authRoutes } from './http/auth-routes.ts';
import { authenticate } from './http/authenticate.ts';
import { correctionRoutes } from './http/correction-routes.ts';
import { documentRoutes } from './http/document-routes.ts';
import { downloadHandlers } from './http/download-handler.ts';
import { exportRoutes } from './http/export-routes.ts';
import { familiarRoutes } from './http/familiar-routes.ts';
import { imageRoutes } from './http/image-routes.ts';
import { batchHandler, libraryRoutes } from './http/library-routes.ts';
import { createLinks } from './http/links.ts';
import { uploadHandler } from './http/upload-handler.ts';
import { createReportUpload } from './report-upload.ts';

export interface GatewayOptions {
  blobs: BlobStore;
  catalog: Catalog;
  /** http://auth:8080 */
  authUrl: string;
  clock: Clock;
  log: Log;
  metrics?: Metrics;
  config: Pick<
    GatewayConfig,
    'maxUploadBytes' | 'maxFilesPerUpload' | 'uploadGraceSeconds' | 'linkSecret' | 'publicUrl'
  >;
  /** The entry is in the outbox: whoever relays it need not wait for the next poll. */
  relayHint: (entry: OutboxEntry) => void;
  newId?: () => string;
}

/** What clients talk to: takes uploads, and shows what has become of them. It only records events; a relay publishes. */
export function createGatewayService(options: GatewayOptions): Service & { router: Router } {
  const { blobs, catalog, authUrl, clock, config, newId = randomUUID } = options;
  const auth = createAuthClient(authUrl);
  const links = createLinks(config.publicUrl);
  const authenticated = authenticate(createAccessTokenVerifier({ fetchJwks: () => auth.fetchJwks(), clock }));
  const upload = uploadHandler({
    ...options,
    newId,
    links,
    limits: config,
    graceSeconds: config.uploadGraceSeconds,
    reportUpload: createReportUpload(options.log, options.metrics),
  });
  const download = downloadHandlers({
    ...options,
    authenticated,
    linkSigner: createLinkSigner(config.linkSecret),
  });

  const router = Router();
  router.use(documentRoutes());
  router.use(authRoutes(auth));
  router.use(familiarRoutes({ authenticated, upload, download, batch: batchHandler(catalog, links) }));
  router.use('/api', authenticated);
  router.post('/api/images', upload);
  router.use(
    '/api',
    imageRoutes({ ...options, links }),
    correctionRoutes({ ...options, links }),
    libraryRoutes(catalog, links),
    exportRoutes(options),
  );

  return {
    name: 'gateway',
    router,
    start: async () => {},
    stop: async () => {}, // the HTTP server waits for the requests in flight
    waitingFor: () => [...blobs.waitingFor(), ...catalog.waitingFor()],
  };
}
