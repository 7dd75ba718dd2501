import {
  AdminRequiredError,
  LoginRequiredError,
  MissingScopeError,
} from '@image-organizer/platform/access-errors';
import type { RequestHandler } from 'express';
import { accountOf } from './authenticate.ts';

/** For what is below /api/admin, behind `authenticate`. @throws AdminRequiredError, MissingScopeError */
export const adminOnly: RequestHandler = (_request, response, next) => {
  const { role, scopes } = accountOf(response);
  if (role !== 'admin') throw new AdminRequiredError();
  if (scopes && !scopes.includes('admin')) throw new MissingScopeError('admin');
  next();
};

/** For tokens and the password, behind `authenticate`. @throws LoginRequiredError */
export const loginOnly: RequestHandler = (_request, response, next) => {
  if (accountOf(response).scopes) throw new LoginRequiredError();
  next();
};
