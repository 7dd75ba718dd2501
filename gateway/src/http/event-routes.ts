import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import { AppError } from '@image-organizer/platform/errors';
import { stoppingOf } from '@image-organizer/platform/http/http-server';
import type { Metrics } from '@image-organizer/platform/metrics';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { liveStream, type LiveDependencies } from '../domain/live-stream.ts';
import { createWatchers } from '../domain/live-watchers.ts';
import { accountOf } from './authenticate.ts';
import { sendEvents } from './send-events.ts';

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no', // nginx would wait for more
  Connection: 'close', // so that nothing is left of it where the server stops
};

export interface EventRoutesOptions extends Omit<LiveDependencies, 'watchers'> {
  bus: MessageBus;
  metrics?: Metrics;
  /** What let the request in: asked again while the stream is open. */
  authenticated: RequestHandler;
}

/** GET /events, below /api: what changes of the owner's, as server-sent events. */
export function eventRoutes({ bus, metrics, authenticated, ...rest }: EventRoutesOptions): Router {
  const watchers = createWatchers({ bus, log: rest.log, ...(metrics && { metrics }) });
  const router = Router();
  router.get('/events', async (request, response) => {
    response.set(headers);
    if (request.method === 'HEAD') return void response.end();
    const closed = new AbortController();
    response.once('close', () => closed.abort());
    const signal = AbortSignal.any([closed.signal, stoppingOf(request)]);
    const messages = liveStream(
      { ...rest, watchers },
      { ownerId: accountOf(response).id, lastEventId: lastEventIdOf(request), signal },
    );
    const mayGoOn = () => isStillValid(authenticated, request, response);
    await sendEvents(response, messages, { mayGoOn, signal }); // what fails before the first message is a problem
  });
  return router;
}

/** The header, or what those send who cannot set it when they come back. */
function lastEventIdOf(request: Request): string | undefined {
  const { lastEventId: given = '' } = request.query;
  return request.get('last-event-id') || (typeof given === 'string' ? given : 'several') || undefined;
}

/** The credential may expire or be revoked. That it cannot be checked just now ends nothing. */
async function isStillValid(authenticated: RequestHandler, request: Request, response: Response) {
  try {
    await authenticated(request, response, () => {});
    return true;
  } catch (error) {
    return !(error instanceof AppError && ['unauthorized', 'forbidden'].includes(error.kind));
  }
}
