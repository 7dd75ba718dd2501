import { account, credentials, refreshRequest, session } from '@image-organizer/contracts/http/session';
import { accountExample, sessionExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Accounts';
const refreshBody = jsonBody(refreshRequest, { refreshToken: sessionExample.refreshToken });
const credentialsBody = (required: boolean) =>
  jsonBody(credentials, { email: accountExample.email, password: 'correct horse battery' }, required);

export const accountOperations: Operation[] = [
  {
    id: 'logIn',
    method: 'post',
    path: '/login',
    tag,
    summary: 'Log in',
    description: 'With Basic (`curl -u email:password`) or with the credentials as JSON.',
    access: 'credentials',
    body: credentialsBody(false),
    answers: { 200: json('Logged in', session, sessionExample) },
    problems: [429],
  },
  {
    id: 'refresh',
    method: 'post',
    path: '/refresh',
    tag,
    summary: 'A new access token for a refresh token, which is used up by it',
    access: 'anyone',
    body: refreshBody,
    answers: { 200: json('Refreshed', session, sessionExample) },
    problems: [401, 503],
  },
  {
    id: 'logOut',
    method: 'post',
    path: '/logout',
    tag,
    summary: 'End the session of a refresh token',
    access: 'anyone',
    body: refreshBody,
    answers: { 204: { description: 'Logged out' } },
    problems: [401, 503],
  },
  {
    id: 'register',
    method: 'post',
    path: '/register',
    tag,
    summary: 'Make an account, where registration is open',
    access: 'credentials',
    body: credentialsBody(false),
    answers: { 201: json('Made', account, accountExample) },
    problems: [403, 409, 422, 429],
  },
];
