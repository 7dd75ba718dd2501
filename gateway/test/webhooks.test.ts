import {
  createdWebhook,
  webhook,
  webhookDeliveryList,
  webhookList,
  webhookSecret,
  type CreatedWebhook,
} from '@image-organizer/contracts/http/webhook';
import { callbackSecretOf } from '@image-organizer/platform/webhook-secret';
import request from 'supertest';
import { jpeg } from './support/files.ts';
import { unknownId } from './support/images.ts';
import { anna, bob, linkSecret, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

const url = 'https://example.org/hooks?key=1';
const create = async (owner = anna): Promise<CreatedWebhook> =>
  createdWebhook.parse((await gateway.post('/api/webhooks', owner).send({ url }).expect(201)).body);
const list = async (owner = anna) =>
  webhookList.parse((await gateway.get('/api/webhooks', owner).expect(200)).body).items;
const deliveries = async (path: string) =>
  webhookDeliveryList.parse((await gateway.get(`/api/webhooks/${path}deliveries`).expect(200)).body).items;

/** As the service notification does it. */
async function settle(error: { code: string; detail: string }) {
  const now = new Date();
  const claimed = await gateway.catalog.claimWebhookDelivery({ owner: 'test', now, leaseMs: 60_000 });
  const dueAt = new Date(now.getTime() + 5_000);
  const outcome = { status: 'pending', dueAt, settledAt: null, lastStatus: 503, error } as const;
  expect(await gateway.catalog.settleWebhookDelivery(claimed!, outcome)).toBe(true);
  return dueAt;
}

describe('a webhook', () => {
  it('When it is made, then its secret is told this once', async () => {
    const created = await create();
    expect(created).toMatchObject({ url, enabled: true, disabledAt: null });
    expect(created.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect((await create()).secret).not.toBe(created.secret);
    const { secret, ...rest } = created;
    const { text } = await gateway.get(`/api/webhooks/${created.id}`).expect(200);
    expect(webhook.parse(JSON.parse(text))).toEqual(rest);
    expect(text + JSON.stringify(await list())).not.toContain(secret);
  });

  it('When it is switched off and on, then it says so, and cannot be tried meanwhile', async () => {
    const { id } = await create();
    const change = async (enabled: boolean) =>
      webhook.parse((await gateway.patch(`/api/webhooks/${id}`).send({ enabled }).expect(200)).body);
    const off = await change(false);
    expect(off).toMatchObject({ enabled: false, disabledAt: expect.any(String) });
    expect(await change(false)).toEqual(off);
    const { body } = await gateway.post(`/api/webhooks/${id}/test`).expect(409);
    expect(body).toMatchObject({ code: 'WEBHOOK_DISABLED' });
    expect(await change(true)).toMatchObject({ enabled: true, disabledAt: null });
    expect(await deliveries(`${id}/`)).toEqual([]);
  });

  it('When it is tried, then a test is recorded, and its deliveries tell what became of it', async () => {
    const { id } = await create();
    const { body } = await gateway.post(`/api/webhooks/${id}/test`).expect(202);
    const dueAt = await settle({ code: 'WEBHOOK_REFUSED', detail: 'It answered 503.' });
    expect(await deliveries(`${id}/`)).toEqual([
      {
        ...{ id: body.id, type: 'webhook.test', url, batchId: null, status: 'pending', attempts: 1 },
        ...{ createdAt: expect.any(String), nextTryAt: dueAt.toISOString(), settledAt: null },
        ...{ lastStatus: 503, error: { code: 'WEBHOOK_REFUSED', detail: 'It answered 503.' } },
      },
    ]);
    expect(await deliveries('callback-')).toEqual([]);
  });

  it('When it is deleted, then it is gone, and so is what waited for it', async () => {
    const { id } = await create();
    await gateway.post(`/api/webhooks/${id}/test`).expect(202);
    await gateway.delete(`/api/webhooks/${id}`).expect(204);
    expect(await list()).toEqual([]);
    await gateway.delete(`/api/webhooks/${id}`).expect(404);
    const later = new Date(Date.now() + 1_000);
    expect(
      await gateway.catalog.claimWebhookDelivery({ owner: 'test', now: later, leaseMs: 1 }),
    ).toBeUndefined();
  });

  it('When there are 20, then another is refused until one is deleted', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => create()));
    const { body } = await gateway.post('/api/webhooks').send({ url }).expect(409);
    expect(body).toMatchObject({ code: 'TOO_MANY_WEBHOOKS' });
    expect(await list()).toHaveLength(20);
    await create(bob);
    await gateway.delete(`/api/webhooks/${made[0]!.id}`).expect(204);
    await create();
  });

  it.each<[string, unknown]>([
    ['no URL', {}],
    ['a URL of another scheme', { url: 'ftp://example.org/' }],
    ['a URL with a password', { url: 'https://me:secret@example.org/' }],
    ['a URL of 2,001 characters', { url: `https://example.org/${'x'.repeat(1_981)}` }],
    ['a field that nobody knows', { url, secret: 'whsec_mine' }],
  ])('When it is to be made with %s, then it is refused', async (_what, body) => {
    const answer = await gateway
      .post('/api/webhooks')
      .send(body as object)
      .expect(400);
    expect(answer.body).toMatchObject({ code: 'INVALID_INPUT' });
    expect(answer.text).not.toContain('secret@');
    expect(await list()).toEqual([]);
  });

  it('When another owner asks for it, then there is none', async () => {
    const { id } = await create();
    for (const unknown of [id, unknownId, 'nonsense']) {
      const path = `/api/webhooks/${unknown}`;
      const answers = [
        await gateway.get(path, bob),
        await gateway.patch(path, bob).send({ enabled: false }),
        await gateway.delete(path, bob),
        await gateway.post(`${path}/test`, bob),
        await gateway.get(`${path}/deliveries`, bob),
      ];
      for (const { status, body } of answers)
        expect({ status, code: body.code }).toEqual({ status: 404, code: 'WEBHOOK_NOT_FOUND' });
    }
    expect(await list(bob)).toEqual([]);
    expect(await list()).toMatchObject([{ id, enabled: true }]);
  });
});

describe('a callbackUrl', () => {
  it('When an upload names one, then its batch has it, and so has the same upload sent again', async () => {
    const file = jpeg();
    const send = async (callbackUrl: string) => {
      const upload = gateway.post('/upload').set('Idempotency-Key', 'once').field('callbackUrl', callbackUrl);
      const { body } = await upload.attach('file', file, { filename: 'a.jpg' }).expect(202);
      return gateway.catalog.getBatch(anna.id, body.batchId as string);
    };
    expect(await send(url)).toMatchObject({ callbackUrl: url });
    expect(await send('https://example.org/other')).toMatchObject({ callbackUrl: url });
  });

  it('When an upload names none, then there is none', async () => {
    const imageId = await gateway.uploaded(jpeg());
    const image = await gateway.catalog.getImage(anna.id, imageId);
    expect(await gateway.catalog.getBatch(anna.id, image!.batchId)).toMatchObject({ callbackUrl: null });
  });

  it('When an owner asks for the secret, then it is theirs alone, always the same, and not for caches', async () => {
    const ask = async (owner = anna) => {
      const { body, headers } = await gateway.get('/api/webhooks/callback-secret', owner).expect(200);
      expect(headers['cache-control']).toBe('no-store');
      return webhookSecret.parse(body).secret;
    };
    expect(await ask()).toBe(callbackSecretOf(linkSecret, anna.id));
    expect(await ask()).toBe(await ask());
    expect(await ask(bob)).not.toBe(await ask());
  });

  it('When an API token asks for the secret, then it is refused: who has it could sign as we do', async () => {
    await gateway.stop();
    const claims = { sub: anna.id, email: anna.email, role: 'user', tokenId: unknownId, scopes: ['read'] };
    gateway = await startGateway({
      auth: (_request, response) => void response.end(JSON.stringify({ ...claims, expiresAt: null })),
    });
    const ask = (path: string) => request(gateway.url).get(path).set('Authorization', 'Bearer io_anna');
    await ask('/api/webhooks').expect(200);
    const { body } = await ask('/api/webhooks/callback-secret').expect(403);
    expect(body).toMatchObject({ code: 'LOGIN_REQUIRED' });
  });

  it('When its calls are asked for, then the owner sees their own', async () => {
    const now = new Date();
    const row = { id: 'msg_1', ownerId: anna.id, endpointId: null, url, batchId: unknownId };
    await gateway.catalog.addWebhookDelivery({ ...row, key: 'callback:1', createdAt: now, dueAt: now });
    expect(await deliveries('callback-')).toMatchObject([
      { id: 'msg_1', type: 'batch.completed', batchId: unknownId, attempts: 0, error: null },
    ]);
    const { body } = await gateway.get('/api/webhooks/callback-deliveries', bob).expect(200);
    expect(body).toEqual({ items: [], nextCursor: null });
  });
});
