import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

declare module 'express-serve-static-core' {
  interface Request {
    /** The client's X-Request-Id where it sent a sane one, else made here; comes back in the answer. */
    id: string;
  }
}

export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  request.id = given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  response.set('X-Request-Id', request.id);
  next();
};
