import type { WebhookDelivery, WebhookEndpoint } from '@image-organizer/adapters/catalog/webhooks';
import {
  newWebhook,
  webhookChange,
  type CreatedWebhook,
  type Webhook,
  type WebhookDeliveryView,
} from '@image-organizer/contracts/http/webhook';
import { callbackSecretOf } from '@image-organizer/platform/webhook-secret';
import express, { Router } from 'express';
import {
  addWebhook,
  findWebhook,
  switchWebhook,
  testWebhook,
  WebhookNotFoundError,
  type WebhookDependencies,
} from '../domain/webhooks.ts';
import { accountOf } from './authenticate.ts';
import { bodyOf } from './read-body.ts';
import { loginOnly } from './restrict.ts';

const json = express.json({ limit: '10kb' });
const shownDeliveries = 100;

/** Webhooks and what became of their calls, below /api. The calls are made by the service notification. */
export function webhookRoutes(
  dependencies: WebhookDependencies & { config: { linkSecret: string } },
): Router {
  const { catalog, clock, config } = dependencies;
  const router = Router();

  async function deliveriesOf(ownerId: string, endpointId: string | null) {
    const found = await catalog.listWebhookDeliveries({ ownerId, endpointId, limit: shownDeliveries });
    return { items: found.map(deliveryView), nextCursor: null };
  }

  router.post('/webhooks', json, async (request, response) => {
    const { url } = bodyOf(request, newWebhook);
    const endpoint = await addWebhook(dependencies, accountOf(response).id, url);
    const created: CreatedWebhook = { ...webhookView(endpoint), secret: endpoint.secret };
    response.status(201).set('Cache-Control', 'no-store').json(created);
  });

  router.get('/webhooks', async (_request, response) => {
    const endpoints = await catalog.listWebhooks(accountOf(response).id);
    response.json({ items: endpoints.map(webhookView), nextCursor: null });
  });

  // Who has it can sign as we do: no API token may read it.
  router.get('/webhooks/callback-secret', loginOnly, (_request, response) => {
    const secret = callbackSecretOf(config.linkSecret, accountOf(response).id);
    response.set('Cache-Control', 'no-store').json({ secret });
  });

  router.get('/webhooks/callback-deliveries', async (_request, response) => {
    response.json(await deliveriesOf(accountOf(response).id, null));
  });

  router.get('/webhooks/:id', async (request, response) => {
    response.json(webhookView(await findWebhook(catalog, accountOf(response).id, request.params.id)));
  });

  router.patch('/webhooks/:id', json, async (request, response) => {
    const { enabled } = bodyOf(request, webhookChange);
    const endpoint = await findWebhook(catalog, accountOf(response).id, request.params.id);
    response.json(webhookView(await switchWebhook(dependencies, endpoint, enabled)));
  });

  router.delete('/webhooks/:id', async (request, response) => {
    const { ownerId, id } = await findWebhook(catalog, accountOf(response).id, request.params.id);
    if (!(await catalog.removeWebhook(ownerId, id, clock.now()))) throw new WebhookNotFoundError();
    response.status(204).end();
  });

  router.post('/webhooks/:id/test', async (request, response) => {
    const endpoint = await findWebhook(catalog, accountOf(response).id, request.params.id);
    response.status(202).json(await testWebhook(dependencies, endpoint));
  });

  router.get('/webhooks/:id/deliveries', async (request, response) => {
    const { ownerId, id } = await findWebhook(catalog, accountOf(response).id, request.params.id);
    response.json(await deliveriesOf(ownerId, id));
  });
  return router;
}

const webhookView = ({ id, url, createdAt, disabledAt }: WebhookEndpoint): Webhook => ({
  ...{ id, url, enabled: disabledAt === null },
  ...{ disabledAt: disabledAt?.toISOString() ?? null, createdAt: createdAt.toISOString() },
});

const deliveryView = (delivery: WebhookDelivery): WebhookDeliveryView => {
  const { id, url, batchId, status, attempts, createdAt, dueAt, settledAt, lastStatus, error } = delivery;
  return {
    ...{ id, type: batchId === null ? 'webhook.test' : 'batch.completed', url, batchId, status, attempts },
    createdAt: createdAt.toISOString(),
    nextTryAt: status === 'pending' ? dueAt.toISOString() : null,
    settledAt: settledAt?.toISOString() ?? null,
    ...{ lastStatus, error },
  };
};
