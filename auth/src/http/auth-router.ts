import type { Jwks } from '@image-organizer/contracts/http/access-token';
import {
  refreshRequest,
  type Account,
  type Credentials,
  type Session,
} from '@image-organizer/contracts/http/session';
import { InvalidInputError } from '@image-organizer/platform/errors';
import express, { Router, type Request, type RequestHandler } from 'express';
import { RegistrationClosedError } from '../domain/errors.ts';
import { readCredentials } from './read-credentials.ts';

interface UseCases {
  logIn: (credentials: Credentials, address: string) => Promise<Session>;
  refresh: (refreshToken: string) => Promise<Session>;
  logOut: (refreshToken: string) => Promise<void>;
  /** Undefined where registration is closed. */
  register: ((credentials: Credentials) => Promise<Account>) | undefined;
  jwks: () => Promise<Jwks>;
}

/** @throws InvalidInputError */
function refreshTokenOf(request: Request): string {
  const parsed = refreshRequest.safeParse(request.body);
  if (!parsed.success) throw new InvalidInputError('Send the refresh token as JSON {"refreshToken"}.');
  return parsed.data.refreshToken;
}

/** RFC 6749 §5.1: answers with tokens are kept by no cache. */
const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** The routes of auth. Bodies are parsed per route: in one process this router stands beside those of other services. */
export function createAuthRouter({ logIn, refresh, logOut, register, jwks }: UseCases): Router {
  const json = express.json({ limit: '10kb' });
  return Router()
    .post('/login', noStore, json, async (request, response) => {
      response.json(await logIn(readCredentials(request), request.ip ?? 'unknown'));
    })
    .post('/refresh', noStore, json, async (request, response) => {
      response.json(await refresh(refreshTokenOf(request)));
    })
    .post('/logout', noStore, json, async (request, response) => {
      await logOut(refreshTokenOf(request));
      response.status(204).end();
    })
    .post('/register', noStore, json, async (request, response) => {
      if (!register) throw new RegistrationClosedError();
      response.status(201).json(await register(readCredentials(request)));
    })
    .get('/.well-known/jwks.json', async (_request, response) => {
      response.json(await jwks());
    });
}
