import { batch } from '@image-organizer/contracts/http/batch';
import {
  createdWebhook,
  webhookBody,
  webhookDeliveryList,
  webhookSecret,
} from '@image-organizer/contracts/http/webhook';
import { until } from '@image-organizer/testing/until';
import { startWebServer, type WebServer } from '@image-organizer/testing/web-server';
import sharp from 'sharp';
import { Webhook } from 'standardwebhooks';
import request from 'supertest';
import { startStandalone } from './start-standalone.ts';

interface ReceivedCall {
  path: string;
  headers: Record<string, string>;
  body: string;
}

let standalone: Awaited<ReturnType<typeof startStandalone>>;
let receiver: WebServer;
let authorization: string;
const received: ReceivedCall[] = [];
beforeAll(async () => {
  receiver = await startWebServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      received.push({ path: incoming.url!, headers: incoming.headers as Record<string, string>, body });
      response.end();
    });
  });
  const fetching = { FETCH_ALLOWED_NETWORKS: '127.0.0.0/8', FETCH_PORTS: String(receiver.port) };
  standalone = await startStandalone(fetching);
  authorization = await standalone.authorization();
}, 60_000);
afterAll(async () => {
  await standalone.stop();
  await receiver.close();
});
beforeEach(() => received.splice(0));

const call = (method: 'get' | 'post', path: string) =>
  request(standalone.url)[method](path).set('Authorization', authorization);
const picture = (background: string) =>
  sharp({ create: { width: 60, height: 40, channels: 3, background } })
    .png()
    .toBuffer();

it('When an upload with a callbackUrl is organised, then it is called once, signed, with links that work without a login', async () => {
  const sent = await picture('red');
  const upload = call('post', '/upload')
    .field('notify', 'false')
    .field('callbackUrl', `${receiver.url}/mine`);
  const { body } = await upload.attach('file', sent, { filename: 'red.png' }).expect(202);
  await until(() => received.length > 0);

  const { secret } = webhookSecret.parse(
    (await call('get', '/api/webhooks/callback-secret').expect(200)).body,
  );
  const [{ path, headers, body: text }] = received as [ReceivedCall];
  const told = webhookBody.parse(new Webhook(secret).verify(text, headers));
  const done = batch.parse((await call('get', `/api/batches/${body.batchId}`).expect(200)).body);
  const [image] = done.images.items;
  expect(path).toBe('/mine');
  expect(told).toEqual({
    type: 'batch.completed',
    timestamp: done.completedAt,
    data: {
      ...{ batchId: done.id, total: 1, organized: 1, failed: 0 },
      downloadUrl: `${standalone.url}/api/batches/${done.id}/export.zip`,
      images: [
        {
          ...{ id: image!.id, filename: 'red.png', folder: image!.placement!.folder, status: 'organized' },
          url: expect.stringContaining('/download?fid='),
        },
      ],
    },
  });
  if (told.type !== 'batch.completed') throw new Error(told.type);
  const bytes = await fetch(told.data.images[0]!.url);
  expect(Buffer.from(await bytes.arrayBuffer())).toEqual(sent);
  const zip = await call('get', new URL(told.data.downloadUrl).pathname).expect(200);
  expect(zip.headers['content-type']).toBe('application/zip');

  await until(async () => {
    const answer = await call('get', '/api/webhooks/callback-deliveries').expect(200);
    const [delivery] = webhookDeliveryList.parse(answer.body).items;
    return delivery?.status === 'sent' && delivery.attempts === 1 && delivery.id === headers['webhook-id'];
  });
  expect(received).toHaveLength(1);
});

it('When a webhook is made and tried, then it is called with a test; and then once per upload', async () => {
  const { body } = await call('post', '/api/webhooks')
    .send({ url: `${receiver.url}/standing` })
    .expect(201);
  const { id, secret } = createdWebhook.parse(body);
  await call('post', `/api/webhooks/${id}/test`).expect(202);
  await until(() => received.length === 1);
  await call('post', '/upload')
    .attach('file', await picture('blue'), { filename: 'blue.png' })
    .expect(202);
  await until(() => received.length === 2);
  const types = received.map(
    ({ body, headers }) => webhookBody.parse(new Webhook(secret).verify(body, headers)).type,
  );
  expect(types).toEqual(['webhook.test', 'batch.completed']);
  expect(received.map(({ path }) => path)).toEqual(['/standing', '/standing']);
});
