import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Clock } from '@image-organizer/platform/clock';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { answerInTime, type Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { Gauge } from 'prom-client';
import type { ClaimedWebhook, SendWebhook } from './send-webhook.ts';

export interface DispatcherOptions {
  catalog: Catalog;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Names this process in claims. */
  instanceId: string;
  send: SendWebhook;
  /** Milliseconds between polls. */
  pollMs?: number;
}

export interface WebhookDispatcher extends Service {
  /** A delivery has just been recorded: looks for it now. Polling is only the fallback. Cheap, never throws. */
  hint(): void;
}

/** Calls at once, and of one owner: receivers that hang, 15 s each, hold up no other owner's. */
const concurrency = 8;
const mostOfOneOwner = 4;
/** Longer than a call and what is read for it take; then another process makes the call again, with the same webhook-id. */
const leaseMs = 60_000;
const hourMs = 3_600_000;
const keptMs = 30 * 24 * hourMs;

/** Claims deliveries that are due and sends them, several at once, in no promised order. */
export function createWebhookDispatcher(options: DispatcherOptions): WebhookDispatcher {
  const { catalog, clock, log, instanceId, send, pollMs = 2_000 } = options;
  registerAge(options);
  const sending = new Map<Promise<void>, string>();
  let running = false;
  let wanted = false;
  let filling: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let forgotAt = 0;

  const failed = (error: unknown) => log.warn({ reason: messageOf(error) }, 'webhooks: will try again');

  function begin(delivery: ClaimedWebhook) {
    const sent: Promise<void> = send(delivery)
      .catch(failed) // its lease runs out
      .finally(() => {
        sending.delete(sent);
        hint();
      });
    sending.set(sent, delivery.ownerId);
  }

  async function fill() {
    while (wanted && running) {
      wanted = false;
      while (running && sending.size < concurrency) {
        const exceptOwners = busyOwners([...sending.values()]);
        const lease = { owner: instanceId, now: clock.now(), leaseMs };
        const delivery = await catalog.claimWebhookDelivery({ ...lease, exceptOwners });
        if (!delivery) break;
        begin(delivery);
      }
    }
  }

  function hint() {
    if (!running) return;
    wanted = true;
    filling ??= fill()
      .catch(failed)
      .finally(() => {
        filling = undefined;
        if (wanted) hint();
      });
  }

  async function forgetOld() {
    const now = clock.now().getTime();
    if (now - forgotAt < hourMs) return;
    forgotAt = now;
    await catalog.forgetWebhookDeliveries(new Date(now - keptMs));
  }

  return {
    name: 'webhooks',
    hint,
    async start() {
      running = true;
      hint();
      timer = setInterval(() => {
        hint();
        void forgetOld().catch(failed);
      }, pollMs);
    },
    async stop() {
      running = false;
      clearInterval(timer);
      await filling;
      await Promise.all(sending.keys());
    },
  };
}

const busyOwners = (owners: string[]): string[] =>
  Object.entries(Object.groupBy(owners, (owner) => owner))
    .filter(([, own]) => own!.length >= mostOfOneOwner)
    .map(([owner]) => owner);

function registerAge({ catalog, clock, metrics }: DispatcherOptions): void {
  new Gauge({
    name: 'webhook_oldest_due_age_seconds',
    help: 'For how long the webhook that waits longest has been due, 0 when none is; missing while the catalogue gives no answer.',
    registers: [metrics],
    async collect() {
      const due = await answerInTime(catalog.oldestWebhookDueAt());
      if (due === undefined) this.remove();
      else this.set(due ? Math.max(0, (clock.now().getTime() - due.getTime()) / 1000) : 0);
    },
  });
}
