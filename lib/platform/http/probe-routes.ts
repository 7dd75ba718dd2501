import { Router } from 'express';
import type { Metrics } from '../metrics.ts';

/** Whether the process lives, /healthz, and whether it can work, /readyz. @param waitingFor ready when empty */
export function probeRoutes(waitingFor: () => string[]): Router {
  return Router()
    .get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
    .get('/readyz', (_request, response) => {
      const servers = waitingFor();
      response.status(servers.length ? 503 : 200).json({ ready: servers.length === 0, waitingFor: servers });
    });
}

export const metricsRoute = (metrics: Metrics): Router =>
  Router().get('/metrics', async (_request, response) => {
    const text = await metrics.metrics();
    response.set('Content-Type', metrics.contentType).send(text);
  });
