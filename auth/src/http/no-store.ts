import type { RequestHandler } from 'express';

/** RFC 6749 §5.1: answers with tokens are kept by no cache. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
