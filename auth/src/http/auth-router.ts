import type { Jwks } from '@image-organizer/contracts/http/access-token';
import {
  refreshRequest,
  registration,
  type Account,
  type Credentials,
  type Registration,
  type Session,
} from '@image-organizer/contracts/http/session';
import { InvalidInputError } from '@image-organizer/platform/errors';
import express, { Router, type Request } from 'express';
import { noStore } from './no-store.ts';
import { parse } from './read-body.ts';
import { readCredentials } from './read-credentials.ts';

interface UseCases {
  logIn: (credentials: Credentials, address: string) => Promise<Session>;
  refresh: (refreshToken: string) => Promise<Session>;
  logOut: (refreshToken: string) => Promise<void>;
  register: (registration: Registration) => Promise<Account>;
  jwks: () => Promise<Jwks>;
}

/** @throws InvalidInputError */
function refreshTokenOf(request: Request): string {
  const parsed = refreshRequest.safeParse(request.body);
  if (!parsed.success) throw new InvalidInputError('Send the refresh token as JSON {"refreshToken"}.');
  return parsed.data.refreshToken;
}

/** The invite stands in the JSON body, also where the credentials come as Basic. @throws InvalidInputError */
const inviteOf = ({ body }: Request) => parse(registration.pick({ invite: true }), body, 'The body is wrong');

/** Logging in and out. Bodies are parsed per route: in one process this router stands beside those of other services. */
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
      const wanted = { ...readCredentials(request), ...inviteOf(request) };
      response.status(201).json(await register(wanted));
    })
    .get('/.well-known/jwks.json', async (_request, response) => {
      response.json(await jwks());
    });
}
