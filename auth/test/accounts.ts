import type { Mail, Mailer } from '@image-organizer/adapters/mailer/mailer';
import { problem } from '@image-organizer/contracts/http/problem';
import { session, type Session } from '@image-organizer/contracts/http/session';
import { until } from '@image-organizer/testing/until';
import request from 'supertest';
import { startAuth } from './start-auth.ts';

export const admin = { email: 'root@example.com', password: 'root horse battery' };
export const ada = { email: 'ada@example.com', password: 'correct horse' };
export const minute = 60_000;
export const codeOf = (response: request.Response) => problem.parse(response.body).code;

/** Keeps what is sent; `fail` makes it reject so many times first. */
export function createMemoryMailer() {
  const mails: Mail[] = [];
  let failures = 0;
  const mailer: Mailer = {
    async send(mail) {
      if (failures > 0 && failures--) throw new Error('connection refused');
      mails.push(mail);
    },
    waitingFor: () => [],
    close: async () => {},
  };
  return {
    mailer,
    mails,
    fail: (times: number) => void (failures = times),
    /** @returns the last one, once there are so many */
    async received(count = 1): Promise<Mail> {
      await until(() => mails.length >= count);
      return mails.at(-1)!;
    },
  };
}

/** Auth with an administrator and ada, and the calls of both. */
export async function startAccounts(options: Parameters<typeof startAuth>[0] = {}) {
  const running = await startAuth({
    ...options,
    env: { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, ...options.env },
  });
  const call = (method: 'get' | 'post' | 'patch' | 'delete', path: string, token?: string) => {
    const asked = request(running.url)[method](path);
    return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`);
  };
  const logIn = async (who = ada): Promise<Session> =>
    session.parse((await call('post', '/login').send(who).expect(200)).body);
  const adminToken = (await logIn(admin)).accessToken;
  const invite = async (email: string, role = 'user') =>
    (await call('post', '/api/admin/invites', adminToken).send({ email, role }).expect(201)).body;
  const { token } = await invite(ada.email);
  const { body } = await call('post', '/register')
    .send({ ...ada, invite: token })
    .expect(201);
  return { ...running, call, logIn, invite, adminToken, adaId: body.id as string };
}
export type Accounts = Awaited<ReturnType<typeof startAccounts>>;
