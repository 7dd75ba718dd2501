import {
  ownAccount,
  passwordChange,
  passwordResetConfirmation,
  passwordResetRequest,
} from '@image-organizer/contracts/http/account';
import {
  account,
  credentials,
  refreshRequest,
  registration,
  session,
} from '@image-organizer/contracts/http/session';
import { accountExample, sessionExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Accounts';
const refreshBody = jsonBody(refreshRequest, { refreshToken: sessionExample.refreshToken });
const { email } = accountExample;
const password = 'correct horse battery';
const token = 'c2l4dHkgZm91ciBjaGFyYWN0ZXJzIG9mIHRoZSBtYWls';

export const accountOperations: Operation[] = [
  {
    id: 'logIn',
    method: 'post',
    path: '/login',
    tag,
    summary: 'Log in',
    description: 'With Basic (`curl -u email:password`) or with the credentials as JSON.',
    access: 'credentials',
    body: jsonBody(credentials, { email, password }, false),
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
    summary: 'Make an account, where registration is open, or with an invite',
    description:
      'An invite works for the address that it was made for, whatever the setting REGISTRATION says.',
    access: 'credentials',
    body: jsonBody(registration, { email, password, invite: token }, false),
    answers: { 201: json('Made', account, accountExample) },
    problems: [403, 409, 422, 429],
  },
  {
    id: 'requestPasswordReset',
    method: 'post',
    path: '/password-reset',
    tag,
    summary: 'Get a link by email to choose a new password',
    description: 'The answer is the same, and comes as fast, where there is no such account.',
    access: 'anyone',
    body: jsonBody(passwordResetRequest, { email }),
    answers: { 202: { description: 'Asked for' } },
    problems: [429, 503],
  },
  {
    id: 'confirmPasswordReset',
    method: 'post',
    path: '/password-reset/confirm',
    tag,
    summary: 'Choose a new password with the token of the link',
    description: 'It works once, within an hour. Every session of the user ends; API tokens stay.',
    access: 'anyone',
    body: jsonBody(passwordResetConfirmation, { token, password }),
    answers: { 204: { description: 'The password is the new one' } },
    problems: [403, 422, 503],
  },
  {
    id: 'getAccount',
    method: 'get',
    path: '/api/account',
    tag,
    summary: 'Who the caller is, and how much they may keep',
    answers: {
      200: json('The account', ownAccount, {
        ...accountExample,
        quota: { images: 10_000, bytes: null },
        scopes: null,
      }),
    },
  },
  {
    id: 'changePassword',
    method: 'post',
    path: '/api/account/password',
    tag,
    summary: 'Choose a new password, with a login',
    description:
      'Every session of the user ends, this one when its access token expires: log in again. API tokens stay.',
    body: jsonBody(passwordChange, { current: password, new: 'a better horse battery' }),
    answers: { 204: { description: 'The password is the new one' } },
    problems: [422, 429],
  },
];
