import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { webhookBody } from '@image-organizer/contracts/http/webhook';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { WebhookDelivery } from '@image-organizer/adapters/catalog/webhooks';
import { createLinkSigner } from '@image-organizer/platform/signed-link';
import { callbackSecretOf } from '@image-organizer/platform/webhook-secret';
import { until } from '@image-organizer/testing/until';
import { Webhook } from 'standardwebhooks';
import {
  linkSecret,
  ownerId,
  startNotification,
  type ReceivedCall,
  type TestNotification,
  type TestOptions,
} from './support/start-notification.ts';

const hour = 3_600_000;

let test: TestNotification;
afterEach(() => test.stop());

/** Answers with these statuses in turn, the last of them for ever. */
const answers = (...statuses: number[]): RequestListener => {
  const left = [...statuses];
  return (_request, response) =>
    void response.writeHead(left.length > 1 ? left.shift()! : left[0]!).end('thanks');
};
const start = async (answer: RequestListener = answers(200), options?: TestOptions) =>
  (test = await startNotification(answer, options));

const verify = (secret: string, { body, headers }: ReceivedCall) => new Webhook(secret).verify(body, headers);
const isSettled = ({ status }: WebhookDelivery) => status !== 'pending';
const hasFailedOnce = ({ attempts, error }: WebhookDelivery) => attempts === 1 && error !== null;
const metric = async (name: string) => (await test.metrics.getSingleMetric(name)!.get()).values;
const count = async (outcome: string) =>
  (await metric('webhooks_total')).find(({ labels }) => labels.outcome === outcome)!.value;

/** Whether a link of the gateway's /download is signed for this file, and until when. */
const isSigned = (link: string, id: string, at: Date) => {
  const { searchParams } = new URL(link);
  const given = { expires: searchParams.get('expires')!, signature: searchParams.get('signature')! };
  return createLinkSigner(linkSecret).verify({ purpose: 'download', id }, given, at);
};

/** Every batch has so many images, all like its first. */
const crowded = (real: Catalog, total: number): Catalog => ({
  ...real,
  getBatch: async (...ids) => ({ ...(await real.getBatch(...ids))!, total }),
  async listImages({ cursor = '0', ...query }) {
    const { items } = await real.listImages(query);
    const [from, to] = [Number(cursor), Math.min(total, Number(cursor) + query.limit)];
    const page = Array.from({ length: to - from }, () => ({ ...items[0]!, id: randomUUID() }));
    return { items: page, nextCursor: to < total ? String(to) : null };
  },
});

describe('the end of a batch', () => {
  it('When it is told, then each endpoint that is on and the callbackUrl are called once, signed, with its images', async () => {
    await start();
    const [first, second, off] = [
      await test.addEndpoint(),
      await test.addEndpoint(),
      await test.addEndpoint(),
    ];
    await test.catalog.switchWebhook(ownerId, off.id, test.now());
    const batch = await test.completeBatch({ callbackUrl: test.url });
    await test.tell(batch);
    await until(() => test.calls.length === 3);

    const secrets = [first.secret, second.secret, callbackSecretOf(linkSecret, ownerId)];
    for (const secret of secrets) {
      const verified = test.calls.flatMap((call) => {
        try {
          return [verify(secret, call)];
        } catch {
          return [];
        }
      });
      expect(verified).toHaveLength(1);
      const body = webhookBody.parse(verified[0]);
      expect(body).toEqual({
        type: 'batch.completed',
        timestamp: batch.completedAt!.toISOString(),
        data: {
          ...{ batchId: batch.id, total: 1, organized: 1, failed: 0 },
          downloadUrl: `https://images.example.org/api/batches/${batch.id}/export.zip`,
          images: [
            {
              ...{ id: expect.any(String), filename: expect.stringMatching(/\.jpg$/), folder: 'Receipts' },
              ...{ status: 'organized', url: expect.any(String) },
            },
          ],
        },
      });
      if (body.type !== 'batch.completed') throw new Error(body.type);
      const { id, url } = body.data.images[0]!;
      expect([29, 31].map((days) => isSigned(url, id, new Date(Date.now() + days * 24 * hour)))).toEqual([
        true,
        false,
      ]);
    }
    expect(await test.delivery(isSettled)).toMatchObject({
      ...{ key: `callback:${batch.id}`, status: 'sent', attempts: 1, lastStatus: 200, error: null },
    });
    expect(await test.deliveries(off.id)).toEqual([]);
    await until(async () => (await count('sent')) === 3);
  });

  it('When it is told again, at once and later, then nobody is called again and there is one email', async () => {
    await start();
    const { id } = await test.addEndpoint();
    const batch = await test.completeBatch({ callbackUrl: test.url });
    await Promise.all([test.tell(batch), test.tell(batch), test.tell(batch)]);
    await until(() => test.calls.length === 2);
    await test.delivery(isSettled);
    await test.delivery(isSettled, id);
    await test.tell(batch);
    expect([await test.deliveries(), await test.deliveries(id)].map((rows) => rows.length)).toEqual([1, 1]);
    expect(test.calls).toHaveLength(2);
    expect(test.mails).toHaveLength(1);
  });

  it('When no email is wanted, then webhooks are called all the same', async () => {
    await start();
    await test.tell(await test.completeBatch({ notify: false, callbackUrl: test.url }));
    await until(() => test.calls.length === 1);
    expect(test.mails).toEqual([]);
  });

  it('When it was never told, the broker having been wiped, then the sweeper finds it until it is handled', async () => {
    await start();
    const batch = await test.completeBatch({ notify: false, callbackUrl: test.url });
    const found = async () => {
      const now = test.now();
      return (await test.catalog.batchesWithoutDelivery({ now, idleSince: now, limit: 9 })).map(
        ({ id }) => id,
      );
    };
    expect(await found()).toEqual([batch.id]);
    await test.tell(batch);
    expect(await found()).toEqual([]);
    await until(() => test.calls.length === 1);
  });

  it('When a batch has 1,001 images, then 1,000 are listed and the total is told', async () => {
    const images = 1_001;
    await start(answers(200), { catalog: (real) => crowded(real, images) });
    await test.tell(await test.completeBatch({ callbackUrl: test.url }));
    await until(() => test.calls.length === 1);
    const body = webhookBody.parse(JSON.parse(test.calls[0]!.body));
    if (body.type !== 'batch.completed') throw new Error(body.type);
    expect(new Set(body.data.images.map(({ id }) => id)).size).toBe(1_000);
    expect(body.data.total).toBe(images);
  });
});

describe('a receiver', () => {
  const completed = async () => {
    const batch = await test.completeBatch({ callbackUrl: test.url });
    await test.tell(batch);
    return batch;
  };

  it('When it answers 500, then 200, then it is called again after a while, with the same webhook-id and body', async () => {
    await start(answers(500, 200));
    await completed();
    const failed = await test.delivery(hasFailedOnce);
    expect(failed).toMatchObject({ status: 'pending', lastStatus: 500, error: { code: 'WEBHOOK_REFUSED' } });
    expect(failed.dueAt.getTime()).toBeGreaterThan(test.now().getTime());
    expect(test.calls).toHaveLength(1);
    test.advance(7_000);
    expect(await test.delivery(isSettled)).toMatchObject({ status: 'sent', attempts: 2, lastStatus: 200 });
    const [first, second] = test.calls;
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.body).toBe(first!.body);
    expect(verify(callbackSecretOf(linkSecret, ownerId), second!)).toBeDefined();
  });

  it('When it never takes it, then it is tried ten times or so over 24 hours, then it has failed', async () => {
    await start(answers(503));
    await completed();
    const began = test.now();
    let last = await test.delivery(hasFailedOnce);
    for (let told = 1; last.status === 'pending'; last = (await test.deliveries())[0]!) {
      test.advance(last.dueAt.getTime() - test.now().getTime());
      told += 1;
      await until(async () => (await count('retried')) + (await count('failed')) === told);
    }
    expect(last).toMatchObject({ status: 'failed', lastStatus: 503, error: { code: 'WEBHOOK_REFUSED' } });
    expect(test.calls.length).toBeGreaterThanOrEqual(10);
    expect(test.calls.length).toBeLessThanOrEqual(13);
    expect(test.now().getTime() - began.getTime()).toBeGreaterThan(12 * hour);
    expect(test.now().getTime() - began.getTime()).toBeLessThanOrEqual(24 * hour + 60_000);
    expect(await count('failed')).toBe(1);
  });

  it('When it answers 410, then its endpoint is switched off, the delivery has failed, and what else waits for it fails', async () => {
    await start(answers(503, 410));
    const { id } = await test.addEndpoint();
    await test.tell(await test.completeBatch());
    await test.delivery(hasFailedOnce, id);
    await test.tell(await test.completeBatch());
    expect(await test.delivery(isSettled, id)).toMatchObject({
      ...{ status: 'failed', lastStatus: 410, error: { code: 'WEBHOOK_GONE' } },
    });
    expect((await test.catalog.getWebhook(ownerId, id))!.disabledAt).not.toBeNull();
    test.advance(7_000);
    await until(async () => (await test.deliveries(id)).every(isSettled));
    expect((await test.deliveries(id)).at(-1)).toMatchObject({
      status: 'failed',
      error: { code: 'WEBHOOK_OFF' },
    });
    expect(test.calls).toHaveLength(2);
    expect([await count('retried'), await count('failed')]).toEqual([1, 2]);
  });

  it('When it redirects, then that is a failure at once and nobody follows', async () => {
    await start((_request, response) => void response.writeHead(301, { location: test.url }).end());
    await completed();
    expect(await test.delivery(isSettled)).toMatchObject({
      ...{ status: 'failed', attempts: 1, lastStatus: 301, error: { code: 'WEBHOOK_REDIRECTED' } },
    });
    expect(test.calls).toHaveLength(1);
  });

  it('When it hangs, then the call ends without an answer and is tried again', async () => {
    await start(() => {}, { timeoutMs: 50 });
    await completed();
    expect(await test.delivery(hasFailedOnce)).toMatchObject({
      ...{ status: 'pending', lastStatus: null, error: { code: 'FETCH_TIMEOUT' } },
    });
  });

  it('When it answers for ever, then the call has been taken', async () => {
    await start((_request, response) => {
      response.writeHead(200);
      const flood = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(flood));
    });
    await completed();
    expect(await test.delivery(isSettled)).toMatchObject({ status: 'sent', lastStatus: 200 });
  });

  it.each([
    ['seconds', () => '120'],
    ['a date', () => new Date(Date.now() + 120_000).toUTCString()],
  ])('When it asks for time by Retry-After with %s, then it is not called before', async (_form, value) => {
    await start((_request, response) => void response.writeHead(429, { 'retry-after': value() }).end());
    await completed();
    const { dueAt } = await test.delivery(hasFailedOnce);
    expect(dueAt.getTime() - test.now().getTime()).toBeGreaterThan(110_000);
    expect(dueAt.getTime() - test.now().getTime()).toBeLessThan(121_000);
  });

  it('When its address is private, then it is never called, and the owner is told why', async () => {
    await start(answers(200), { allowedNetworks: [] });
    await completed();
    expect(await test.delivery(isSettled)).toMatchObject({
      ...{ status: 'failed', attempts: 1, lastStatus: null, error: { code: 'ADDRESS_FORBIDDEN' } },
    });
    expect(test.calls).toEqual([]);
  });

  it('When nothing listens, then it is tried again', async () => {
    await start();
    await test.tell(await test.completeBatch({ callbackUrl: test.url.replace('127.0.0.1', '127.9.9.9') }));
    expect(await test.delivery(hasFailedOnce)).toMatchObject({
      ...{ status: 'pending', lastStatus: null, error: { code: 'FETCH_FAILED' } },
    });
  });
});

describe('the sender', () => {
  it('When it dies between the call and its record, then the call is made again with the same webhook-id', async () => {
    let isDead = true;
    await start(answers(200), {
      catalog: (real) => ({
        ...real,
        settleWebhookDelivery: async (...given) => {
          if (isDead) throw new Error('the process is gone');
          return real.settleWebhookDelivery(...given);
        },
      }),
    });
    await test.tell(await test.completeBatch({ callbackUrl: test.url }));
    await until(() => test.calls.length === 1);
    isDead = false;
    test.advance(61_000);
    expect(await test.delivery(isSettled)).toMatchObject({ status: 'sent', attempts: 2 });
    expect(new Set(test.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('When one owner’s receivers hang, then another owner’s webhook is called meanwhile', async () => {
    const hung: (() => void)[] = [];
    await start((request, response) => {
      if (request.url === '/hook') hung.push(() => response.end());
      else response.end();
    });
    for (let n = 0; n < 10; n++) await test.addEndpoint();
    await test.tell(await test.completeBatch());
    const other = {
      ownerId: 'somebody else',
      id: 'msg_other',
      endpointId: null,
      url: test.url,
      batchId: null,
    };
    const endpoint = {
      ...other,
      id: 'endpoint',
      secret: 'whsec_AAAA',
      createdAt: test.now(),
      disabledAt: null,
    };
    await test.catalog.addWebhook(endpoint, 1);
    const at = { createdAt: test.now(), dueAt: test.now() };
    await test.catalog.addWebhookDelivery({
      ...other,
      ...at,
      key: 'endpoint:test:1',
      endpointId: 'endpoint',
    });
    await until(() => test.calls.some(({ headers }) => headers['webhook-id'] === 'msg_other'));
    expect(hung).toHaveLength(4);
    await until(() => {
      for (const end of hung.splice(0)) end();
      return test.calls.length === 11;
    });
    for (const end of hung) end();
  });

  it('When an owner tries an endpoint, then it is called with a test', async () => {
    await start();
    const { id, url, secret } = await test.addEndpoint();
    const at = { createdAt: test.now(), dueAt: test.now() };
    const key = `${id}:test:1`;
    await test.catalog.addWebhookDelivery({
      key,
      id: 'msg_1',
      ownerId,
      endpointId: id,
      url,
      batchId: null,
      ...at,
    });
    await until(() => test.calls.length === 1);
    expect(verify(secret, test.calls[0]!)).toEqual({
      ...{ type: 'webhook.test', timestamp: at.createdAt.toISOString(), data: { webhookId: id } },
    });
  });

  it('When webhooks wait, then the metric says for how long', async () => {
    await start(answers(200), {
      catalog: (real) => ({ ...real, claimWebhookDelivery: async () => undefined }),
    });
    const age = () => metric('webhook_oldest_due_age_seconds');
    expect(await age()).toMatchObject([{ value: 0 }]);
    await test.tell(await test.completeBatch({ callbackUrl: test.url }));
    test.advance(600_000);
    expect((await age())[0]!.value).toBeGreaterThanOrEqual(600);
  });
});
