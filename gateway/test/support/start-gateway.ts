import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import { unlimited, type Quota } from '@image-organizer/contracts/http/access-token';
import { createHttpServer } from '@image-organizer/platform/http/http-server';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import request from 'supertest';
import { createGatewayService } from '../../src/service.ts';
import { checkAnswers } from './check-answers.ts';
import { startFakeAuth, type TokenOwner } from './fake-auth.ts';

export const anna: TokenOwner = { id: randomUUID(), email: 'anna@example.com' };
export const bob: TokenOwner = { id: randomUUID(), email: 'bob@example.com' };
export const admin: TokenOwner = { id: randomUUID(), email: 'admin@example.com', role: 'admin' };
export const linkSecret = 'a secret of at least thirty-two characters';

export interface GatewayTestOptions {
  maxUploadBytes?: number;
  /** Puts something between the gateway and the real store. */
  blobs?: (real: BlobStore) => BlobStore;
  catalog?: (real: Catalog) => Catalog;
  bus?: (real: MessageBus) => MessageBus;
  /** Answers what is not a request for keys. */
  auth?: RequestListener;
  /** A real auth instead; then no owner has a token by `get`, `post`, … */
  authUrl?: string;
  now?: () => Date;
  livePollMs?: number;
  trustProxy?: string;
  rateLimitPerMinute?: number;
  rateLimitPerAddress?: number;
  defaultQuota?: Quota;
  maxImportRows?: number;
  publicImageUrl?: (imageId: string) => string | null;
}

export type TestGateway = Awaited<ReturnType<typeof startGateway>>;

/** The gateway on a free port, with a real catalogue and blob store in a directory of its own. */
export async function startGateway(options: GatewayTestOptions = {}) {
  const now = options.now ?? (() => new Date());
  const directory = await mkdtemp(join(tmpdir(), 'gateway-'));
  const log = silentLog();
  const catalog = createSqliteCatalog({ path: join(directory, 'catalog.sqlite') });
  const blobs = await createDiskBlobStore({ directory: join(directory, 'blobs'), log });
  const auth = await startFakeAuth(
    now,
    options.auth ?? ((_request, response) => response.writeHead(500).end()),
  );
  const relayHint = jest.fn();
  const bus = createMemoryBus({ log, retryDelaysMs: [1] });
  const metrics = createMetrics({ service: 'gateway', process: false });
  const service = createGatewayService({
    blobs: options.blobs?.(blobs) ?? blobs,
    bus: options.bus?.(bus) ?? bus,
    catalog: options.catalog?.(catalog) ?? catalog,
    authUrl: options.authUrl ?? auth.url,
    clock: { now },
    log,
    metrics,
    relayHint,
    livePollMs: options.livePollMs ?? 60_000,
    publicImageUrl: options.publicImageUrl,
    config: {
      maxUploadBytes: options.maxUploadBytes ?? 1_000_000,
      maxFilesPerUpload: 100,
      uploadGraceSeconds: 3_600,
      linkSecret,
      publicUrl: '',
      maxImportRows: options.maxImportRows ?? 1_000,
      linkDays: 30,
      rateLimitPerMinute: options.rateLimitPerMinute ?? 0,
      rateLimitPerAddress: options.rateLimitPerAddress ?? 0,
      defaultQuota: options.defaultQuota ?? unlimited,
    },
  });
  const checked = checkAnswers(service.router);
  const server = createHttpServer({
    port: 0,
    trustProxy: options.trustProxy ?? 'loopback',
    router: checked.router,
    log,
    metrics,
    waitingFor: () => [],
  });
  await server.start();

  const as = (method: 'get' | 'post' | 'head' | 'patch' | 'delete', path: string, owner = anna) =>
    request(server.url)
      [method](path)
      .set('Authorization', `Bearer ${auth.tokenOf(owner)}`);
  return {
    url: server.url,
    router: service.router,
    catalog,
    blobs,
    bus,
    auth,
    relayHint,
    metrics,
    get: (path: string, owner = anna) => as('get', path, owner),
    head: (path: string) => as('head', path),
    post: (path: string, owner = anna) => as('post', path, owner),
    patch: (path: string, owner = anna) => as('patch', path, owner),
    delete: (path: string, owner = anna) => as('delete', path, owner),
    /** Uploads one file and returns the image's id. */
    async uploaded(bytes: Buffer, filename = 'image.jpg', owner = anna): Promise<string> {
      const { body } = await as('post', '/upload', owner).attach('file', bytes, { filename }).expect(202);
      return body.images[0].id as string;
    },
    leftovers: () => leftovers(catalog, blobs),
    /** As SIGTERM does: what is in flight ends by itself. */
    stopServer: () => server.stop(),
    /** @throws where an answer was none that the OpenAPI document describes */
    async stop() {
      server.server.closeAllConnections();
      await Promise.all([server.stop(), auth.stop()]);
      await Promise.all([bus.close(), catalog.close(), blobs.close()]);
      await rm(directory, { recursive: true });
      if (!options.auth) checked.assert(); // what a test makes auth answer, the gateway passes on as it is
    },
  };
}

/** Blobs that no image has, images whose blob is missing, and upload intents: after every request there is none. */
async function leftovers(catalog: Catalog, blobs: BlobStore) {
  const ids = (await blobs.list({ limit: 1_000 })).map(({ id }) => id);
  const owned = new Set((await catalog.findImages(ids)).map(({ id }) => id));
  const intents = await catalog.expiredUploads(new Date(Date.now() + 1e12), 1_000);
  return [...ids.filter((id) => !owned.has(id)), ...intents.map(({ imageId }) => `intent ${imageId}`)];
}
