import type { AccessTokenClaims } from '@image-organizer/contracts/http/access-token';
import { AppError } from '@image-organizer/platform/errors';
import type { RequestHandler, Response } from 'express';
import type { AccessTokenVerifier } from '../adapters/access-token-verifier.ts';

/** Who asks. */
export interface Account {
  id: string;
  email: string;
  role: AccessTokenClaims['role'];
}

export class UnauthorizedError extends AppError {
  readonly code = 'UNAUTHORIZED';
  readonly kind = 'unauthorized';
  constructor() {
    super('Log in (POST /login) and send the access token: `Authorization: Bearer …`.');
  }
}

/** Lets those pass who have a valid access token; `accountOf` says who they are. @throws UnauthorizedError, and as the verifier */
export const authenticate =
  (verifier: AccessTokenVerifier): RequestHandler =>
  async (request, response, next) => {
    const token = /^Bearer +([^\s]+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) throw new UnauthorizedError();
    const { sub, email, role } = await verifier.verify(token);
    const account: Account = { id: sub, email, role };
    response.locals.account = account;
    next();
  };

/** Only behind `authenticate`. */
export const accountOf = (response: Response): Account => response.locals.account as Account;
