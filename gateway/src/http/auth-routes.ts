import express, { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import type { AuthClient } from '../adapters/auth-client.ts';
import { loginOnly } from './restrict.ts';

const answered = ['content-type', 'retry-after', 'www-authenticate'];
const isUuid = (id: unknown) => z.uuid().safeParse(id).success;
const raw = express.raw({ type: () => true, limit: 10_000 });

/** Logging in and out is the auth service's business; its answers pass unchanged. */
export function authRoutes(auth: AuthClient): Router {
  const forward = forwardTo(auth);
  const router = Router();
  router.post('/login', raw, forward); // one route each: metrics tell them apart
  router.post('/refresh', raw, forward);
  router.post('/logout', raw, forward);
  router.post('/register', raw, forward);
  router.post('/password-reset', raw, forward);
  router.post('/password-reset/confirm', raw, forward);
  return router;
}

/**
 * Accounts, behind `authenticate` and, below /api/admin, `adminOnly`. The caller's own token goes to auth, which looks
 * at it again, and at what has become of the account since. What is below /internal there is forwarded by nobody.
 */
export function accountRoutes(auth: AuthClient): Router {
  const forward = forwardTo(auth);
  const router = Router();
  router.param('id', (_request, _response, next, id) => next(isUuid(id) ? undefined : 'router')); // `..` is no id
  router.get('/api/account', forward);
  router.post('/api/account/password', loginOnly, raw, forward);
  router.get('/api/tokens', loginOnly, forward);
  router.post('/api/tokens', loginOnly, raw, forward);
  router.delete('/api/tokens/:id', loginOnly, forward);

  router.get('/api/admin/users', forward);
  router.patch('/api/admin/users/:id', raw, forward);
  router.get('/api/admin/invites', forward);
  router.post('/api/admin/invites', raw, forward);
  router.delete('/api/admin/invites/:id', forward);
  return router;
}

const forwardTo =
  (auth: AuthClient): RequestHandler =>
  async (request, response) => {
    const answer = await auth.forward({
      method: request.method,
      path: request.path + new URL(request.originalUrl, 'http://gateway').search,
      headers: forwardedHeaders(request),
      body: Buffer.isBuffer(request.body) ? Uint8Array.from(request.body) : undefined,
    });
    for (const name of answered) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value); // not set(): it would add a charset
    }
    response.status(answer.status).set('Cache-Control', 'no-store').end(answer.body);
  };

/** The address the login limits count is the client's, not this server's. */
function forwardedHeaders(request: Request): Record<string, string> {
  const sent = ['content-type', 'authorization'].flatMap((name) => {
    const value = request.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(sent),
    'X-Request-Id': request.id,
    'X-Forwarded-For': request.ip ?? '',
  } as Record<string, string>;
}
