import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { webhookRemoved, type WebhookDelivery } from '@image-organizer/adapters/catalog/webhooks';
import type { GuardedFetch } from '@image-organizer/adapters/http-client/guarded-fetch';
import {
  ForbiddenAddressError,
  ForbiddenUrlError,
} from '@image-organizer/adapters/http-client/guarded-fetch-errors';
import type { WebhookBody } from '@image-organizer/contracts/http/webhook';
import type { Clock } from '@image-organizer/platform/clock';
import { AppError } from '@image-organizer/platform/errors';
import { retryAfterMs } from '@image-organizer/platform/http/retry-after';
import { callbackSecretOf } from '@image-organizer/platform/webhook-secret';
import { Webhook } from 'standardwebhooks';
import type { NotificationConfig } from './config.ts';
import { linksOf } from './domain/links.ts';
import { noAnswer, readAnswer, type WebhookAnswer } from './domain/webhook-answer.ts';
import { batchCompletedBody, testBody } from './domain/webhook-body.ts';

export interface CallDependencies {
  catalog: Catalog;
  clock: Clock;
  http: GuardedFetch;
  config: Pick<NotificationConfig, 'publicUrl' | 'linkSecret' | 'linkDays'>;
}

/** Nobody reads it. */
const answerBytes = 64 * 1024;

/** Makes one signed call. Rejects only where the catalogue does: what is wrong with the receiver is an answer. */
export function createCallWebhook({ catalog, clock, http, config }: CallDependencies) {
  async function secretOf({ ownerId, endpointId }: WebhookDelivery): Promise<string | WebhookAnswer> {
    if (endpointId === null) return callbackSecretOf(config.linkSecret, ownerId);
    const endpoint = await catalog.getWebhook(ownerId, endpointId);
    if (!endpoint) return noAnswer('failed', webhookRemoved);
    if (endpoint.disabledAt)
      return noAnswer('failed', { code: 'WEBHOOK_OFF', detail: 'The endpoint is switched off.' });
    return endpoint.secret;
  }

  async function bodyOf({ ownerId, endpointId, batchId, createdAt }: WebhookDelivery) {
    if (batchId === null) return testBody(endpointId!, createdAt);
    const batch = await catalog.getBatch(ownerId, batchId);
    return batch && batchCompletedBody(catalog, batch, linksOf(batch, config, clock.now()));
  }

  async function post(
    { id, url }: WebhookDelivery,
    secret: string,
    body: WebhookBody,
  ): Promise<WebhookAnswer> {
    const text = JSON.stringify(body);
    const now = clock.now();
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'image-organizer',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, text),
    };
    const request = { method: 'POST', headers, body: text, maxBytes: answerBytes, maxRedirects: 0 } as const;
    const answer = await http.fetch(url, request);
    answer.body.destroy();
    return readAnswer(answer.status, retryAfterMs(answer.headers, clock.now()) ?? 0);
  }

  return async (delivery: WebhookDelivery): Promise<WebhookAnswer> => {
    const secret = await secretOf(delivery);
    if (typeof secret !== 'string') return secret;
    const body = await bodyOf(delivery);
    if (!body)
      return noAnswer('failed', { code: 'BATCH_UNKNOWN', detail: 'There is no such upload any more.' });
    try {
      return await post(delivery, secret, body);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const isForbidden = error instanceof ForbiddenAddressError || error instanceof ForbiddenUrlError;
      return noAnswer(isForbidden ? 'failed' : 'retry', { code: error.code, detail: error.message });
    }
  };
}

export type CallWebhook = ReturnType<typeof createCallWebhook>;
