import {
  apiTokenList,
  createdApiToken,
  newApiToken,
  type ApiToken,
} from '@image-organizer/contracts/http/api-token';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'API tokens';
const example: ApiToken = {
  id: '0190a5e0-0000-7000-8000-000000000010',
  name: 'the scanner',
  scopes: ['read', 'upload'],
  createdAt: '2026-11-21T09:00:00.000Z',
  expiresAt: '2027-11-21T09:00:00.000Z',
  lastUsedAt: null,
};
const { name, scopes, expiresAt } = example;
const token = 'io_c2l4dHkgZm91ciBjaGFyYWN0ZXJzIG9mIGJhc2U2NHVybA';

export const apiTokenOperations: Operation[] = [
  {
    id: 'createApiToken',
    method: 'post',
    path: '/api/tokens',
    tag,
    summary: 'Make a token for a program, with a login',
    description:
      'Its text is in this answer and nowhere else. Only an administrator can give it the scope `admin`.',
    body: jsonBody(newApiToken, { name, scopes, expiresAt }),
    answers: { 201: json('Made', createdApiToken, { ...example, token }) },
    problems: [409],
  },
  {
    id: 'listApiTokens',
    method: 'get',
    path: '/api/tokens',
    tag,
    summary: 'The tokens that were not revoked, with a login',
    answers: { 200: json('All of them', apiTokenList, { items: [example], nextCursor: null }) },
  },
  {
    id: 'revokeApiToken',
    method: 'delete',
    path: '/api/tokens/{id}',
    tag,
    summary: 'Revoke a token, with a login',
    description: 'It may still work for 30 seconds.',
    answers: { 204: { description: 'Revoked' } },
  },
];
