import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import request from 'supertest';
import { createAuthClient, AuthUnavailableError } from '../src/adapters/auth-client.ts';
import { startFakeAuth } from './support/fake-auth.ts';
import { startGateway } from './support/start-gateway.ts';

/** Answers with what it was asked. */
const echo: RequestListener = (asked, answer) => {
  void text(asked).then((body) => {
    const {
      authorization,
      'x-request-id': requestId,
      'x-forwarded-for': forwardedFor,
      'content-type': type,
    } = asked.headers;
    answer.writeHead(429, {
      'Retry-After': '7',
      'WWW-Authenticate': 'Basic',
      'Content-Type': 'application/problem+json',
      'X-Secret': 'no',
    });
    answer.end(
      JSON.stringify({
        path: asked.url,
        method: asked.method,
        body,
        authorization,
        requestId,
        forwardedFor,
        type,
      }),
    );
  });
};

describe('Logging in and out', () => {
  it.each([
    ...['/login', '/refresh', '/logout', '/register'],
    ...['/password-reset', '/password-reset/confirm'],
  ])('When %s is called, then auth’s answer passes unchanged', async (path) => {
    const gateway = await startGateway({ auth: echo });
    const sent = request(gateway.url)
      .post(path)
      .set({ Authorization: 'Basic YTpi', 'X-Request-Id': 'r-1', 'X-Forwarded-For': '203.0.113.9' });
    const { status, headers, body } = await sent.send({ email: 'a@example.com' });
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'retry-after': '7',
      'www-authenticate': 'Basic',
      'content-type': 'application/problem+json',
    });
    expect(headers['x-secret']).toBeUndefined();
    expect(body).toEqual({
      path,
      method: 'POST',
      body: '{"email":"a@example.com"}',
      authorization: 'Basic YTpi',
      requestId: 'r-1',
      forwardedFor: '203.0.113.9',
      type: 'application/json',
    });
    await gateway.stop();
  });

  it('When the body is larger than 10 kB, then it is 413 and auth is not asked', async () => {
    const auth = jest.fn();
    const gateway = await startGateway({ auth });
    await request(gateway.url)
      .post('/login')
      .send({ email: 'x'.repeat(10_001) })
      .expect(413);
    expect(auth).not.toHaveBeenCalled();
    await gateway.stop();
  });

  it('When auth is down, then it is 503 and says when to try again', async () => {
    const gateway = await startGateway();
    await gateway.auth.stop();
    const { body, headers } = await request(gateway.url).post('/login').send({}).expect(503);
    expect(body.code).toBe('AUTH_UNAVAILABLE');
    expect(headers['retry-after']).toBe('5');
    await gateway.get('/api/images').expect(503);
    await gateway.stop();
  });

  it('When auth takes the request and never answers, then it is given up', async () => {
    const asked = jest.fn();
    const auth = await startFakeAuth(() => new Date(), asked);
    const client = createAuthClient(auth.url, 50);
    await expect(
      client.forward({ method: 'POST', path: '/login', headers: {}, body: new Uint8Array() }),
    ).rejects.toThrow(AuthUnavailableError);
    expect(asked).toHaveBeenCalledTimes(1);
    await auth.stop();
  });
});

it('When a path below /api is asked without a token, then it is 401, even where there is nothing', async () => {
  const gateway = await startGateway();
  for (const path of ['/api/images', '/api/stats', '/api/nothing', '/status/x', '/download?fid=x']) {
    const { headers } = await request(gateway.url).get(path).expect(401);
    expect(headers['www-authenticate']).toBe('Bearer');
  }
  await gateway.get('/api/nothing').expect(404);
  await gateway.stop();
});
