import {
  adminUser,
  adminUserChange,
  adminUserList,
  adminUserQuery,
  createdInvite,
  inviteList,
  newInvite,
  type AdminUser,
  type Invite,
} from '@image-organizer/contracts/http/admin-user';
import { accountExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Administration';
const createdAt = '2026-11-21T09:00:00.000Z';
const user: AdminUser = {
  ...accountExample,
  disabled: false,
  quota: { images: 10_000, bytes: 5_000_000_000 },
  createdAt,
};
const invite: Invite = {
  id: '0190a5e0-0000-7000-8000-000000000011',
  email: 'carla@example.com',
  role: 'user',
  createdAt,
  expiresAt: '2026-11-28T09:00:00.000Z',
};
const token = 'c2l4dHkgZm91ciBjaGFyYWN0ZXJzIG9mIGJhc2U2NHVybA';

export const adminUserOperations: Operation[] = [
  {
    id: 'listUsers',
    method: 'get',
    path: '/api/admin/users',
    tag,
    summary: 'The users, by email',
    query: adminUserQuery,
    answers: { 200: json('A page of them', adminUserList, { items: [user], nextCursor: null }) },
  },
  {
    id: 'changeUser',
    method: 'patch',
    path: '/api/admin/users/{id}',
    tag,
    summary: 'Change the role or the quota of a user, disable or enable them',
    description:
      'Who is disabled cannot log in, and every session ends; an access token may still work until it expires, an API token for 30 seconds. What is not named stays.',
    body: jsonBody(adminUserChange.meta({ minProperties: 1 }), { quota: user.quota }),
    answers: { 200: json('The user as they are now', adminUser, user) },
    problems: [409],
  },
  {
    id: 'createInvite',
    method: 'post',
    path: '/api/admin/invites',
    tag,
    summary: 'Invite somebody to register, within a week',
    description:
      'It goes out by email where there is an SMTP server. Its text is in this answer and nowhere else.',
    body: jsonBody(newInvite, { email: invite.email }),
    answers: { 201: json('Made', createdInvite, { ...invite, token, emailed: true }) },
    problems: [409],
  },
  {
    id: 'listInvites',
    method: 'get',
    path: '/api/admin/invites',
    tag,
    summary: 'The invites that can still be used, newest first',
    answers: { 200: json('The last thousand', inviteList, { items: [invite], nextCursor: null }) },
  },
  {
    id: 'removeInvite',
    method: 'delete',
    path: '/api/admin/invites/{id}',
    tag,
    summary: 'Take an invite back',
    answers: { 204: { description: 'It can be used no more' } },
  },
];
