import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { metricsRoute, probeRoutes } from './probe-routes.ts';
import { noSuchRoute, problemMiddleware } from './problem-middleware.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { requestId } from './request-id.ts';
import { privateNetworks, trustProxy } from './trust-proxy.ts';
import { watchRequests } from './watch-requests.ts';

export interface HttpServerOptions {
  /** 0 takes a free port; `url` says which. */
  port: number;
  /** Where it is set, /metrics is served there alone, and /healthz and /readyz there too. */
  metricsPort?: number | undefined;
  host?: string;
  router?: Router;
  /** Whose X-Forwarded-For is believed. Private networks unless said otherwise: right only where no client is in one. */
  trustProxy?: string;
  log: Log;
  metrics: Metrics;
  /** What the service waits for; ready when empty. */
  waitingFor: () => string[];
}

export interface HttpServer {
  /** Binds the port, or both. Rejects when one is taken. */
  start(): Promise<void>;
  /** /readyz answers 503 from here on; requests in flight are finished, then resolves. */
  stop(): Promise<void>;
  /** http://127.0.0.1:8080 */
  readonly url: string;
  /** What /metrics stands behind. */
  readonly metricsUrl: string;
  readonly server: Server;
}

/** A large upload over a slow line. Shorter than UPLOAD_GRACE_SECONDS, after which an upload counts as dead. */
const longestRequestMs = 30 * 60_000;

/** An express app with what every service has: request ids, helmet, problem+json, /healthz, /readyz, /metrics. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { log, metrics } = options;
  const stopping = new AbortController();
  const waitingFor = () => (stopping.signal.aborted ? ['the end: it is stopping'] : options.waitingFor());

  const probes = probeRoutes(waitingFor); // first: what probes ask is neither measured nor traced
  const ofMetrics = metricsRoute(metrics);
  const handlers = [
    probes,
    ...(options.metricsPort === undefined ? [ofMetrics] : []),
    watchRequests(log, metrics),
    ...(options.router ? [options.router] : []),
  ];
  const app = trustProxy(createApp(log, handlers), options.trustProxy ?? privateNetworks);
  app.locals.stopping = stopping.signal;
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: longestRequestMs }, app);
  refuseUnreadable(server);
  const metricsServer = createServer(createApp(log, [probes, ofMetrics]));
  return {
    server,
    get url() {
      return urlOf(server);
    },
    get metricsUrl() {
      return urlOf(options.metricsPort === undefined ? server : metricsServer);
    },
    async start() {
      await listen(server, options.port, options.host);
      if (options.metricsPort !== undefined) await listen(metricsServer, options.metricsPort, options.host);
      log.info({ url: this.url, metricsUrl: this.metricsUrl }, 'listening');
    },
    async stop() {
      stopping.abort();
      await close(server);
      await close(metricsServer); // until here /readyz says on both ports that it is stopping
    },
  };
}

/** Aborted when the server begins to stop: an answer that has no end of its own ends then. */
export const stoppingOf = ({ app }: Request): AbortSignal => app.locals.stopping as AbortSignal;

function createApp(log: Log, handlers: RequestHandler[]): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(requestId, helmet({ crossOriginResourcePolicy: { policy: 'same-site' } }));
  return app.use(handlers, noSuchRoute, problemMiddleware(log));
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}
