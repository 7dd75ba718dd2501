import type { Failure } from '@image-organizer/contracts/vocabulary';

/** An address that is called whenever a batch of its owner is completed. */
export interface WebhookEndpoint {
  id: string;
  ownerId: string;
  url: string;
  /** `whsec_…` (Standard Webhooks). Shown once, when it is made; needed to sign. */
  secret: string;
  createdAt: Date;
  /** Its receiver answered 410 Gone, or its owner switched it off. */
  disabledAt: Date | null;
}

/** One call of an endpoint or of an upload's callbackUrl. One row per `key`: it is made once. */
export interface WebhookDelivery {
  /** `<endpointId or callback>:<batchId>`; of a test `<endpointId>:test:<a UUID>`. */
  key: string;
  /** The webhook-id header, the same at every try. */
  id: string;
  ownerId: string;
  /** Null: a callbackUrl. */
  endpointId: string | null;
  url: string;
  /** Null: a test. */
  batchId: string | null;
  status: 'pending' | 'sent' | 'failed';
  attempts: number;
  createdAt: Date;
  /** When it is tried (again); while somebody has it, when it may be taken from them. */
  dueAt: Date;
  settledAt: Date | null;
  /** Of the last attempt: the HTTP status, null where there was no answer; and what went wrong. */
  lastStatus: number | null;
  error: Failure | null;
}

export interface WebhookClaim {
  key: string;
  epoch: number;
}

/** Webhook endpoints and what was sent to them. */
export interface WebhookCatalog {
  /** @returns false, having changed nothing, where the owner has `most` of them */
  addWebhook(endpoint: WebhookEndpoint, most: number): Promise<boolean>;
  /** Oldest first. */
  listWebhooks(ownerId: string): Promise<WebhookEndpoint[]>;
  getWebhook(ownerId: string, id: string): Promise<WebhookEndpoint | undefined>;
  /** Its pending deliveries fail. @returns false where the owner has none such */
  removeWebhook(ownerId: string, id: string, now: Date): Promise<boolean>;
  /** @param disabledAt null switches it on again. @returns false where the owner has none such */
  switchWebhook(ownerId: string, id: string, disabledAt: Date | null): Promise<boolean>;

  /** Inserts the row (pending, no attempt) unless there is one with its key. */
  addWebhookDelivery(
    delivery: Pick<
      WebhookDelivery,
      'key' | 'id' | 'ownerId' | 'endpointId' | 'url' | 'batchId' | 'createdAt' | 'dueAt'
    >,
  ): Promise<void>;
  /**
   * Compare-and-set of the longest due of those that are pending: epoch + 1, attempts + 1, and due again when the lease
   * ends.
   * @param request.exceptOwners whose rows are left alone
   */
  claimWebhookDelivery(request: {
    owner: string;
    now: Date;
    leaseMs: number;
    exceptOwners?: string[];
  }): Promise<(WebhookDelivery & { epoch: number }) | undefined>;
  /** `sent` and `failed` are final; `pending` is tried again at `dueAt`. @returns false when fenced */
  settleWebhookDelivery(
    claim: WebhookClaim,
    outcome: Pick<WebhookDelivery, 'status' | 'dueAt' | 'settledAt' | 'lastStatus' | 'error'>,
  ): Promise<boolean>;
  /** Newest first. */
  listWebhookDeliveries(query: {
    ownerId: string;
    /** Null: those of callbackUrls. */
    endpointId: string | null;
    limit: number;
  }): Promise<WebhookDelivery[]>;
  /** For the metric: when the longest due of the pending rows is due; null where there is none. */
  oldestWebhookDueAt(): Promise<Date | null>;
  /** Forgets deliveries that were settled at or before `until`. @returns how many */
  forgetWebhookDeliveries(until: Date): Promise<number>;
}

/** Of pending deliveries whose endpoint is removed. */
export const webhookRemoved: Failure = { code: 'WEBHOOK_REMOVED', detail: 'The endpoint was removed.' };
