import {
  AdminRequiredError,
  LoginRequiredError,
  MissingScopeError,
  UnauthorizedError,
} from '@image-organizer/platform/access-errors';
import type { RequestHandler, Response } from 'express';
import type { Caller } from '../domain/caller.ts';

/** Lets those pass whose access token or API token is good now; `callerOf` says who they are. @throws UnauthorizedError */
export const identify =
  (findCaller: (token: string) => Promise<Caller>): RequestHandler =>
  async (request, response, next) => {
    const token = /^Bearer +([^\s]+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) throw new UnauthorizedError();
    response.locals.caller = await findCaller(token);
    next();
  };

/** Only behind `identify`. */
export const callerOf = (response: Response): Caller => response.locals.caller as Caller;

/** Behind `identify`. @throws LoginRequiredError for API tokens */
export const loginOnly: RequestHandler = (_request, response, next) => {
  if (callerOf(response).scopes) throw new LoginRequiredError();
  next();
};

/** Behind `identify`. @throws AdminRequiredError, MissingScopeError */
export const adminOnly: RequestHandler = (_request, response, next) => {
  const { user, scopes } = callerOf(response);
  if (user.role !== 'admin') throw new AdminRequiredError();
  if (scopes && !scopes.includes('admin')) throw new MissingScopeError('admin');
  next();
};
