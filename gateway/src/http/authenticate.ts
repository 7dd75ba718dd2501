import type { Quota, Role } from '@image-organizer/contracts/http/access-token';
import { apiTokenPrefix, type Scope } from '@image-organizer/contracts/http/api-token';
import { UnauthorizedError } from '@image-organizer/platform/access-errors';
import type { AccessTokenVerifier } from '@image-organizer/platform/access-token-verifier';
import type { RequestHandler, Response } from 'express';
import type { ApiTokenVerifier } from '../adapters/api-token-verifier.ts';
import { assertScope } from './scopes.ts';

/** Who asks. */
export interface Account {
  id: string;
  email: string;
  role: Role;
  /** As auth had it when it last said who this is: ten minutes ago at most, with an API token 30 seconds. */
  quota: Quota;
  /** What the API token may do; null: a login, which may do everything its owner may. */
  scopes: Scope[] | null;
}

export interface Verifiers {
  accessTokens: AccessTokenVerifier;
  apiTokens: ApiTokenVerifier;
}

/**
 * Lets those pass who have a valid access token, or an API token with the scope that the call needs. `accountOf` says
 * who they are, `response.locals.tokenId` which credential it was: the id of the API token, or of a login's user.
 * @throws UnauthorizedError, MissingScopeError, and as the verifiers
 */
export const authenticate =
  ({ accessTokens, apiTokens }: Verifiers): RequestHandler =>
  async (request, response, next) => {
    const token = /^Bearer +([^\s]+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) throw new UnauthorizedError();
    const { tokenId, scopes, ...claims } = token.startsWith(apiTokenPrefix)
      ? await apiTokens.verify(token)
      : { ...(await accessTokens.verify(token)), tokenId: undefined, scopes: null };
    const { sub: id, email, role, quota } = claims;
    const account: Account = { id, email, role, quota, scopes };
    response.locals.account = account;
    response.locals.tokenId = tokenId ?? id;
    assertScope(scopes, request.method, request.baseUrl + request.path);
    next();
  };

/** Only behind `authenticate`. */
export const accountOf = (response: Response): Account => response.locals.account as Account;
