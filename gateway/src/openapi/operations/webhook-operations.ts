import {
  createdWebhook,
  newWebhook,
  webhook,
  webhookChange,
  webhookDeliveryList,
  webhookList,
  webhookSecret,
  webhookTest,
  type Webhook,
  type WebhookDeliveryView,
} from '@image-organizer/contracts/http/webhook';
import { batchExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Webhooks';
const url = 'https://example.org/hooks/images';
const createdAt = '2026-11-21T08:00:00.000Z';
const example: Webhook = {
  ...{ id: '0190a5e0-0000-7000-8000-000000000009', url, enabled: true },
  ...{ disabledAt: null, createdAt },
};
const secret = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=';
const deliveryExample: WebhookDeliveryView = {
  ...{ id: 'msg_0190a5e0-0000-7000-8000-00000000000a', type: 'batch.completed', url },
  ...{ batchId: batchExample.id, status: 'pending', attempts: 1 },
  ...{ createdAt: '2026-11-21T09:00:02.000Z', nextTryAt: '2026-11-21T09:00:07.000Z', settledAt: null },
  ...{ lastStatus: 503, error: { code: 'WEBHOOK_REFUSED', detail: 'It answered 503.' } },
};
const deliveries = json('The last 100, newest first', webhookDeliveryList, {
  items: [deliveryExample],
  nextCursor: null,
});

const description = `Called when an upload or an import of yours is completed: POST of
\`{type: "batch.completed", timestamp, data: {batchId, total, organized, failed, downloadUrl, images: [{id, filename, folder, status, url}]}}\`,
signed as [Standard Webhooks](https://www.standardwebhooks.com) has it. Each \`url\` works without a token, \`downloadUrl\`
(a ZIP) needs one; \`images\` has 1,000 at most, \`GET /api/images?batch=…\` all. 2xx is taken, 410 switches the webhook
off, 3xx is a failure; all else is tried again over 24 hours, with the same \`webhook-id\`. At most 20 webhooks.`;

export const webhookOperations: Operation[] = [
  {
    id: 'createWebhook',
    method: 'post',
    path: '/api/webhooks',
    tag,
    summary: 'Have an address called when a batch is completed',
    description,
    body: jsonBody(newWebhook, { url }),
    answers: { 201: json('Made; the secret is not shown again', createdWebhook, { ...example, secret }) },
    problems: [409],
  },
  {
    id: 'listWebhooks',
    method: 'get',
    path: '/api/webhooks',
    tag,
    summary: 'Your webhooks, oldest first',
    answers: { 200: json('All of them', webhookList, { items: [example], nextCursor: null }) },
  },
  {
    id: 'getCallbackSecret',
    method: 'get',
    path: '/api/webhooks/callback-secret',
    tag,
    summary: 'What calls of your callbackUrls are signed with',
    description: 'Not for API tokens.',
    answers: { 200: json('The same for all of them', webhookSecret, { secret }) },
    problems: [403],
  },
  {
    id: 'listCallbackDeliveries',
    method: 'get',
    path: '/api/webhooks/callback-deliveries',
    tag,
    summary: 'Calls of your callbackUrls',
    answers: { 200: deliveries },
  },
  {
    id: 'getWebhook',
    method: 'get',
    path: '/api/webhooks/{id}',
    tag,
    summary: 'One webhook',
    answers: { 200: json('As it is now', webhook, example) },
  },
  {
    id: 'changeWebhook',
    method: 'patch',
    path: '/api/webhooks/{id}',
    tag,
    summary: 'Switch a webhook on or off',
    description: 'While it is off nothing is recorded for it, and what still waits fails when it is due.',
    body: jsonBody(webhookChange, { enabled: true }),
    answers: { 200: json('As it is now', webhook, example) },
  },
  {
    id: 'deleteWebhook',
    method: 'delete',
    path: '/api/webhooks/{id}',
    tag,
    summary: 'Remove a webhook; what still waits for it fails',
    answers: { 204: { description: 'It is gone' } },
  },
  {
    id: 'testWebhook',
    method: 'post',
    path: '/api/webhooks/{id}/test',
    tag,
    summary: 'Have it called with type webhook.test',
    description: 'Within seconds; its deliveries tell what came of it.',
    answers: { 202: json('Recorded', webhookTest, { id: deliveryExample.id }) },
    problems: [409],
  },
  {
    id: 'listWebhookDeliveries',
    method: 'get',
    path: '/api/webhooks/{id}/deliveries',
    tag,
    summary: 'Calls of one webhook',
    answers: { 200: deliveries },
  },
];
