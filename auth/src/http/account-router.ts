import {
  passwordChange,
  passwordResetConfirmation,
  passwordResetRequest,
  type OwnAccount,
} from '@image-organizer/contracts/http/account';
import { newApiToken, verifyApiToken } from '@image-organizer/contracts/http/api-token';
import express, { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import type { ApiTokens } from '../domain/api-tokens.ts';
import type { Caller } from '../domain/caller.ts';
import { email } from '../domain/email.ts';
import { ApiTokenNotFoundError } from '../domain/errors.ts';
import type { Passwords } from '../domain/passwords.ts';
import { callerOf, loginOnly } from './identify.ts';
import { noStore } from './no-store.ts';
import { bodyOf } from './read-body.ts';

interface UseCases {
  identified: RequestHandler;
  apiTokens: ApiTokens;
  passwords: Passwords;
}

const json = express.json({ limit: '10kb' });
const resetRequest = passwordResetRequest.extend({ email });

/** What a person does with their own account. */
export function createAccountRouter({ identified, apiTokens, passwords }: UseCases): Router {
  const owner = [noStore, identified, loginOnly];
  return Router()
    .post('/password-reset', noStore, json, async (request, response) => {
      await passwords.requestReset(bodyOf(request, resetRequest).email, request.ip ?? 'unknown');
      response.status(202).end();
    })
    .post('/password-reset/confirm', noStore, json, async (request, response) => {
      await passwords.confirmReset(bodyOf(request, passwordResetConfirmation));
      response.status(204).end();
    })
    .get('/api/account', noStore, identified, (_request, response) => {
      response.json(ownAccountOf(callerOf(response)));
    })
    .post('/api/account/password', ...owner, json, async (request, response) => {
      const change = bodyOf(request, passwordChange);
      await passwords.change(callerOf(response).user, change, request.ip ?? 'unknown');
      response.status(204).end();
    })
    .get('/api/tokens', ...owner, async (_request, response) => {
      response.json({ items: await apiTokens.list(callerOf(response).user), nextCursor: null });
    })
    .post('/api/tokens', ...owner, json, async (request, response) => {
      const created = await apiTokens.create(callerOf(response).user, bodyOf(request, newApiToken));
      response.status(201).json(created);
    })
    .delete('/api/tokens/:id', ...owner, async (request, response) => {
      const id = z.uuid().safeParse(request.params.id);
      if (!id.success) throw new ApiTokenNotFoundError();
      await apiTokens.revoke(callerOf(response).user, id.data);
      response.status(204).end();
    })
    .post('/internal/api-tokens/verify', noStore, json, async (request, response) => {
      response.json(await apiTokens.verify(bodyOf(request, verifyApiToken).hash));
    });
}

const ownAccountOf = ({ user: { id, email, role, quota }, scopes }: Caller): OwnAccount => ({
  ...{ id, email, role, quota, scopes },
});
