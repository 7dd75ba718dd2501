import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';
import { createDurations, type Metrics } from '../metrics.ts';
import { annotateSpan, withSpan } from '../tracing.ts';

/**
 * Metric, span and log line of each request. The route is its pattern, `/images/:id`, never the path; `none` where no
 * route took it.
 */
export function watchRequests(log: Log, metrics: Metrics): RequestHandler {
  const observe = createDurations(metrics, {
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
  });
  return (request, response, next) => {
    const { method } = request;
    const startedAt = performance.now();
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    response.once('close', resolve);
    const traceparent = request.get('traceparent');
    void withSpan(
      method,
      { 'http.request.method': method },
      async (span) => {
        next();
        await answered;
        const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
        const status = response.statusCode;
        const seconds = (performance.now() - startedAt) / 1000;
        const isStream = response.get('content-type')?.startsWith('text/event-stream'); // ends when its client has enough
        if (!isStream) observe({ method, route, status: String(status) }, seconds);
        span.updateName(`${method} ${route}`);
        const problem = status >= 500 ? `answered ${status}` : undefined;
        annotateSpan({ 'http.route': route, 'http.response.status_code': status }, problem);
        log.debug({ requestId: request.id, method, route, status, seconds }, 'request');
      },
      { kind: 'server', from: { traceparent } },
    );
  };
}
