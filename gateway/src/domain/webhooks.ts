import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { WebhookEndpoint } from '@image-organizer/adapters/catalog/webhooks';
import type { Clock } from '@image-organizer/platform/clock';
import { AppError } from '@image-organizer/platform/errors';
import { newWebhookSecret } from '@image-organizer/platform/webhook-secret';
import { z } from 'zod';

export class WebhookNotFoundError extends AppError {
  readonly code = 'WEBHOOK_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such webhook.');
  }
}

export class TooManyWebhooksError extends AppError {
  readonly code = 'TOO_MANY_WEBHOOKS';
  readonly kind = 'conflict';
  constructor() {
    super(`There are ${mostWebhooks} webhooks: delete one that is not needed any more.`);
  }
}

export class WebhookDisabledError extends AppError {
  readonly code = 'WEBHOOK_DISABLED';
  readonly kind = 'conflict';
  constructor() {
    super('The webhook is switched off: PATCH it with {"enabled": true} first.');
  }
}

export interface WebhookDependencies {
  catalog: Catalog;
  clock: Clock;
  newId: () => string;
}

/** Of one owner. */
const mostWebhooks = 20;

/** Called from the next batch on that is completed. @throws TooManyWebhooksError */
export async function addWebhook(
  { catalog, clock, newId }: WebhookDependencies,
  ownerId: string,
  url: string,
): Promise<WebhookEndpoint> {
  const secret = newWebhookSecret();
  const endpoint = { id: newId(), ownerId, url, secret, createdAt: clock.now(), disabledAt: null };
  if (!(await catalog.addWebhook(endpoint, mostWebhooks))) throw new TooManyWebhooksError();
  return endpoint;
}

/** @throws WebhookNotFoundError */
export async function findWebhook(catalog: Catalog, ownerId: string, id: unknown): Promise<WebhookEndpoint> {
  const known = z.uuid().safeParse(id);
  const endpoint = known.success ? await catalog.getWebhook(ownerId, known.data) : undefined;
  if (!endpoint) throw new WebhookNotFoundError();
  return endpoint;
}

/** @returns the endpoint as it is now. @throws WebhookNotFoundError */
export async function switchWebhook(
  { catalog, clock }: WebhookDependencies,
  endpoint: WebhookEndpoint,
  isEnabled: boolean,
): Promise<WebhookEndpoint> {
  const disabledAt = isEnabled ? null : (endpoint.disabledAt ?? clock.now());
  if (!(await catalog.switchWebhook(endpoint.ownerId, endpoint.id, disabledAt)))
    throw new WebhookNotFoundError();
  return { ...endpoint, disabledAt };
}

/** Records a call that says it is a test; the service notification makes it. @throws WebhookDisabledError */
export async function testWebhook(
  { catalog, clock, newId }: WebhookDependencies,
  { id: endpointId, ownerId, url, disabledAt }: WebhookEndpoint,
): Promise<{ id: string }> {
  if (disabledAt) throw new WebhookDisabledError();
  const [now, unique] = [clock.now(), newId()];
  const id = `msg_${unique}`;
  await catalog.addWebhookDelivery({
    ...{ key: `${endpointId}:test:${unique}`, id, ownerId, endpointId, url, batchId: null },
    ...{ createdAt: now, dueAt: now },
  });
  return { id };
}
