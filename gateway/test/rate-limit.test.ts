import { createLinkSigner } from '@image-organizer/platform/signed-link';
import request from 'supertest';
import { createApiDocument } from '../src/openapi/document.ts';
import { jpeg } from './support/files.ts';
import { anna, bob, linkSecret, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({ rateLimitPerMinute: 3, rateLimitPerAddress: 2 });
});
afterEach(() => gateway.stop());

const from = (address: string, path = '/api/stats') =>
  request(gateway.url).get(path).set('X-Forwarded-For', address);

describe('Of one credential', () => {
  it('When it asks less often than it may, then each answer says what is left.', async () => {
    const { headers } = await gateway.get('/api/stats').expect(200);
    expect(headers['ratelimit']).toMatch(/^"credential"; r=2; t=\d+$/);
    expect(headers['ratelimit-policy']).toMatch(/^"credential"; q=3; w=60; pk=:[\w+/=]+:$/);
  });

  it('When it asks more often, then it is 429 and told when to try again; others are not held up.', async () => {
    for (const path of ['/api/stats', '/api/nothing', '/status/x']) await gateway.get(path);
    const { headers, body } = await gateway.get('/api/stats').expect(429);
    expect(body).toMatchObject({ code: 'TOO_MANY_REQUESTS', status: 429 });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(headers['ratelimit']).toMatch(/^"credential"; r=0; t=\d+$/);
    await gateway.get('/api/stats', bob).expect(200);
  });

  it('When an upload is one too many, then nothing of it is kept.', async () => {
    for (let n = 0; n < 3; n++) await gateway.get('/api/stats').expect(200);
    await gateway.post('/upload').attach('file', jpeg(), { filename: 'a.jpg' }).expect(429);
    expect(await gateway.blobs.list({ limit: 10 })).toEqual([]);
    expect(await gateway.leftovers()).toEqual([]);
  });

  it('When it comes from another address, then it is the same credential.', async () => {
    for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3'])
      await gateway.get('/api/stats').set('X-Forwarded-For', address).expect(200);
    await gateway.get('/api/stats').set('X-Forwarded-For', '203.0.113.4').expect(429);
  });
});

describe('Of one address', () => {
  it('When requests have no valid credential, then they are counted; those that have one are not held up.', async () => {
    await from('203.0.113.1').expect(401);
    await from('203.0.113.1').set('Authorization', 'Bearer a.b.c').expect(401);
    const { body } = await from('203.0.113.1').expect(429);
    expect(body.code).toBe('TOO_MANY_REQUESTS');
    await gateway.get('/api/stats').set('X-Forwarded-For', '203.0.113.1').expect(200);
    await from('203.0.113.2').expect(401);
  });

  it.each(['/login', '/refresh', '/logout', '/register'])(
    'When %s is asked too often, then auth is not asked.',
    async (path) => {
      const asked = jest.fn();
      await gateway.stop();
      gateway = await startGateway({
        rateLimitPerAddress: 2,
        auth: (_request, response) => (asked(), response.writeHead(401).end()),
      });
      for (const status of [401, 401, 429]) await request(gateway.url).post(path).expect(status);
      expect(asked).toHaveBeenCalledTimes(2);
    },
  );

  it('When addresses lie in one IPv6 /64, then they are one; those in another are not.', async () => {
    await from('2001:db8:0:1::1').expect(401);
    await from('2001:db8:0:1:ffff::2').expect(401);
    await from('2001:db8:0:1::3').expect(429);
    await from('2001:db8:0:2::1').expect(401);
  });

  it('When no proxy is trusted, then nobody can choose an address.', async () => {
    await gateway.stop();
    gateway = await startGateway({ rateLimitPerAddress: 2, trustProxy: '' });
    for (const [n, status] of [401, 401, 429].entries()) await from(`203.0.113.${n}`).expect(status);
  });

  it('When a client writes X-Forwarded-For itself, then the address that the proxy added counts.', async () => {
    for (const [n, status] of [401, 401, 429].entries())
      await from(`198.51.100.${n}, 203.0.113.1`).expect(status);
  });

  it('When a signed link is used, then it is counted by the address as a credential is; a forged one as none.', async () => {
    const id = await gateway.uploaded(jpeg());
    const expires = String(Math.floor(Date.now() / 1000) + 60);
    const link = createLinkSigner(linkSecret).sign(
      { purpose: 'download', id },
      new Date(Date.now() + 60_000),
    );
    const path = `/download?${new URLSearchParams({ fid: id, ...link }).toString()}`;
    for (const status of [200, 200, 200, 429]) await from('203.0.113.1', path).expect(status);
    const forged = `/download?fid=${id}&expires=${expires}&signature=x`;
    for (const status of [403, 403, 429]) await from('203.0.113.2', forged).expect(status);
  });
});

it('When health, metrics and the documents are asked, then nobody counts.', async () => {
  for (let n = 0; n < 5; n++) {
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs']) {
      const { headers } = await from('203.0.113.1', path).expect(200);
      expect(headers['ratelimit']).toBeUndefined();
    }
  }
});

it('When the limits are 0, then nobody counts.', async () => {
  await gateway.stop();
  gateway = await startGateway();
  for (let n = 0; n < 10; n++) {
    const { headers } = await gateway.get('/api/stats').expect(200);
    expect(headers['ratelimit']).toBeUndefined();
  }
});

it('When a call is in the OpenAPI document with RateLimit headers, then it has them, and no other has.', async () => {
  await gateway.stop();
  gateway = await startGateway({
    rateLimitPerMinute: 1_000,
    rateLimitPerAddress: 1_000,
    auth: (_request, response) => response.writeHead(401).end(),
  });
  for (const [path, methods] of Object.entries(createApiDocument().paths!)) {
    for (const [method, { responses }] of Object.entries(methods as Record<string, { responses: object }>)) {
      const at = path.replaceAll(/\{\w+\}/g, '0190a5e0-0000-7000-8000-00000000000f');
      const token = `Bearer ${gateway.auth.tokenOf(anna)}`;
      const answer = await fetch(`${gateway.url}${at}`, {
        method: method.toUpperCase(),
        headers: { Authorization: token },
      });
      await answer.body?.cancel();
      expect([method, path, answer.headers.has('ratelimit')]).toEqual([method, path, '429' in responses]);
    }
  }
});
