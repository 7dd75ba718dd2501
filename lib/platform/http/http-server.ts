import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Router } from 'express';
import helmet from 'helmet';
import { Histogram } from 'prom-client';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { noSuchRoute, problemMiddleware } from './problem-middleware.ts';
import { requestId } from './request-id.ts';

export interface HttpServerOptions {
  /** 0 takes a free port; `url` says which. */
  port: number;
  host?: string;
  router?: Router;
  log: Log;
  metrics: Metrics;
  /** What the service waits for; ready when empty. */
  waitingFor: () => string[];
}

export interface HttpServer {
  /** Binds the port. Rejects when it is taken. */
  start(): Promise<void>;
  /** /readyz answers 503 from here on; requests in flight are finished, then resolves. */
  stop(): Promise<void>;
  /** http://127.0.0.1:8080 */
  readonly url: string;
  readonly server: Server;
}

/** A large upload over a slow line. Shorter than UPLOAD_GRACE_SECONDS, after which an upload counts as dead. */
const longestRequestMs = 30 * 60_000;

/** An express app with what every service has: request ids, helmet, problem+json, /healthz, /readyz, /metrics. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { log, metrics } = options;
  let stopping = false;
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [metrics],
  });

  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  app.use(requestId);
  app.use(helmet({ crossOriginResourcePolicy: { policy: 'same-site' } }));
  app.use((request, response, next) => {
    const done = duration.startTimer({ method: request.method });
    response.once('close', () => {
      const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
      const seconds = done({ route, status: String(response.statusCode) });
      log.debug(
        { requestId: request.id, method: request.method, route, status: response.statusCode, seconds },
        'request',
      );
    });
    next();
  });
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_request, response) => {
    const waitingFor = stopping ? ['the end: it is stopping'] : options.waitingFor();
    response.status(waitingFor.length ? 503 : 200).json({ ready: waitingFor.length === 0, waitingFor });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  if (options.router) app.use(options.router);
  app.use(noSuchRoute);
  app.use(problemMiddleware(log));

  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: longestRequestMs }, app);
  const handle: HttpServer = {
    server,
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async start() {
      server.listen(options.port, options.host);
      await once(server, 'listening');
      log.info({ url: handle.url }, 'listening');
    },
    async stop() {
      stopping = true;
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
  return handle;
}
