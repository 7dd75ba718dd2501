import express, { Router, type Request, type RequestHandler } from 'express';
import type { AuthClient } from '../adapters/auth-client.ts';

const paths = ['/login', '/refresh', '/logout', '/register'];
const answered = ['content-type', 'retry-after', 'www-authenticate'];

/** Logging in and out is the auth service's business; its answers pass unchanged. */
export function authRoutes(auth: AuthClient): Router {
  const forward: RequestHandler = async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? Uint8Array.from(request.body) : new Uint8Array();
    const answer = await auth.forward({ path: request.path, headers: forwardedHeaders(request), body });
    for (const name of answered) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value); // not set(): it would add a charset
    }
    response.status(answer.status).set('Cache-Control', 'no-store').end(answer.body);
  };
  const router = Router();
  const raw = express.raw({ type: () => true, limit: 10_000 });
  for (const path of paths) router.post(path, raw, forward); // one route each: metrics tell them apart
  return router;
}

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
