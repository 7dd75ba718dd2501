import { z } from 'zod';
import { failure, imageStatus } from '../vocabulary.ts';
import { callbackUrl } from './callback-url.ts';

/** Body of POST /api/webhooks. */
export const newWebhook = z.strictObject({ url: callbackUrl });

/** Body of PATCH /api/webhooks/{id}. */
export const webhookChange = z.strictObject({ enabled: z.boolean() });

export const webhook = z
  .object({
    id: z.uuid(),
    url: z.string(),
    /** False: its receiver answered 410 Gone, or it was switched off. */
    enabled: z.boolean(),
    disabledAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.output<typeof webhook>;

/** `whsec_` and 32 bytes in base64 (Standard Webhooks). */
export const webhookSecret = z.object({ secret: z.string() });

/** Answer of POST /api/webhooks, the only one that has the secret. */
export const createdWebhook = webhook.extend(webhookSecret.shape).meta({ id: 'CreatedWebhook' });
export type CreatedWebhook = z.output<typeof createdWebhook>;

export const webhookList = z
  .object({ items: z.array(webhook), nextCursor: z.null() })
  .meta({ id: 'WebhookList' });

/** Answer of POST /api/webhooks/{id}/test: the header webhook-id. */
export const webhookTest = z.object({ id: z.string() });

/** One call, tried until it is settled. */
export const webhookDelivery = z
  .object({
    /** The header webhook-id, the same at every try. */
    id: z.string(),
    type: z.enum(['batch.completed', 'webhook.test']),
    url: z.string(),
    /** Null: a test. */
    batchId: z.uuid().nullable(),
    status: z.enum(['pending', 'sent', 'failed']),
    attempts: z.int(),
    createdAt: z.iso.datetime(),
    /** When it is tried next; null once it is settled. */
    nextTryAt: z.iso.datetime().nullable(),
    settledAt: z.iso.datetime().nullable(),
    /** Of the last answer; null where there was none. */
    lastStatus: z.int().nullable(),
    error: failure.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDeliveryView = z.output<typeof webhookDelivery>;

/** Newest first, the last 100. */
export const webhookDeliveryList = z
  .object({ items: z.array(webhookDelivery), nextCursor: z.null() })
  .meta({ id: 'WebhookDeliveryList' });

/** What is sent, as JSON, with the headers webhook-id, webhook-timestamp and webhook-signature. */
export const webhookBody = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('batch.completed'),
      /** When the batch was completed. */
      timestamp: z.iso.datetime(),
      data: z.object({
        /** Of an import: the import's id. */
        batchId: z.uuid(),
        total: z.int(),
        organized: z.int(),
        failed: z.int(),
        /** A ZIP of the originals; needs a token. */
        downloadUrl: z.string(),
        /** At most 1,000; GET /api/images?batch=… has them all. */
        images: z.array(
          z.object({
            id: z.uuid(),
            filename: z.string(),
            folder: z.string().nullable(),
            status: imageStatus,
            /** A signed link to the original: needs no token, works for as long as those of the email. */
            url: z.string(),
          }),
        ),
      }),
    }),
    z.object({
      type: z.literal('webhook.test'),
      timestamp: z.iso.datetime(),
      data: z.object({ webhookId: z.uuid() }),
    }),
  ])
  .meta({ id: 'WebhookBody' });
export type WebhookBody = z.output<typeof webhookBody>;
