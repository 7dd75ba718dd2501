import { adminUserChange, adminUserQuery, newInvite } from '@image-organizer/contracts/http/admin-user';
import express, { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import type { AdminUsers } from '../domain/admin-users.ts';
import { email } from '../domain/email.ts';
import { InviteNotFoundError, UserNotFoundError } from '../domain/errors.ts';
import type { Invites } from '../domain/invites.ts';
import { adminOnly, callerOf } from './identify.ts';
import { noStore } from './no-store.ts';
import { bodyOf, parse } from './read-body.ts';

interface UseCases {
  identified: RequestHandler;
  adminUsers: AdminUsers;
  invites: Invites;
}

const json = express.json({ limit: '10kb' });
const invitation = newInvite.extend({ email });
const isUuid = (id: unknown): id is string => z.uuid().safeParse(id).success;

/** What administrators do with the accounts of all. */
export function createAdminRouter({ identified, adminUsers, invites }: UseCases): Router {
  const admin = [noStore, identified, adminOnly];
  return Router()
    .get('/api/admin/users', ...admin, async (request, response) => {
      response.json(await adminUsers.list(parse(adminUserQuery, request.query, 'The query is wrong')));
    })
    .patch('/api/admin/users/:id', ...admin, json, async (request, response) => {
      const { id } = request.params;
      if (!isUuid(id)) throw new UserNotFoundError();
      const change = bodyOf(request, adminUserChange);
      response.json(await adminUsers.change(callerOf(response).user, id, change));
    })
    .get('/api/admin/invites', ...admin, async (_request, response) => {
      response.json({ items: await invites.list(), nextCursor: null });
    })
    .post('/api/admin/invites', ...admin, json, async (request, response) => {
      response.status(201).json(await invites.create(bodyOf(request, invitation)));
    })
    .delete('/api/admin/invites/:id', ...admin, async (request, response) => {
      const { id } = request.params;
      if (!isUuid(id)) throw new InviteNotFoundError();
      await invites.remove(id);
      response.status(204).end();
    });
}
