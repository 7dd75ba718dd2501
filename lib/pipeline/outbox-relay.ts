import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { answerInTime, type Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { traceContext, withSpan } from '@image-organizer/platform/tracing';
import { Gauge } from 'prom-client';
import { messageOfEntry } from './outbox-entry.ts';

export interface OutboxRelay extends Service {
  /** The entry has just been recorded: publishes it now. Polling is only the fallback. Cheap, never throws. */
  hint(entry: OutboxEntry): void;
}

export interface RelayOptions {
  catalog: Catalog;
  bus: MessageBus;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Names this process: of many relays one polls. */
  instanceId: string;
  /** Milliseconds between polls. */
  pollMs?: number;
  /** Polls leave entries younger than this to the hint of whoever recorded them, milliseconds. */
  hintedMs?: number;
}

const pageSize = 100;

/**
 * Publishes what the catalogue's outbox holds and removes each entry once the bus has it. Every process publishes what it
 * recorded itself; what is left behind (its process died, the bus was down) is polled, oldest first, by one process at a
 * time. A crash between publishing and removing publishes the same message id again, which every consumer takes once.
 */
export function createOutboxRelay(options: RelayOptions): OutboxRelay {
  const { catalog, bus, clock, log, instanceId, pollMs = 2_000, hintedMs = 5_000 } = options;
  registerAge(options);
  const publishing = new Set<Promise<void>>();
  let running = false;
  let polling: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const publish = async (entry: OutboxEntry) => {
    await withSpan(
      `publish ${entry.event}`,
      { 'messaging.destination.name': entry.event, 'messaging.message.id': entry.id },
      () => bus.publish({ ...messageOfEntry(entry), ...traceContext() }),
      { kind: 'producer', from: entry },
    );
    crashPoint(`${entry.event}:published`);
    await catalog.markPublished(entry);
    crashPoint(`${entry.event}:marked`);
  };
  const failed = (error: unknown) =>
    log.warn({ reason: messageOf(error) }, 'outbox: could not publish, will try again');

  function hint(entry: OutboxEntry) {
    if (!running) return;
    const published: Promise<void> = publish(entry)
      .catch(failed)
      .finally(() => publishing.delete(published));
    publishing.add(published);
  }

  /** @param before entries recorded later are left alone */
  async function drain(before: Date) {
    const lease = { name: 'outbox-relay', holder: instanceId, now: clock.now(), ttlMs: pollMs * 5 };
    if (!(await catalog.holdLease(lease))) return;
    const page = await catalog.dueOutbox(pageSize);
    const due = page.filter(({ createdAt }) => createdAt <= before);
    const results = await Promise.allSettled(due.map(publish));
    const rejected = results.find((result) => result.status === 'rejected');
    if (rejected) throw rejected.reason;
    if (due.length === pageSize && running) await drain(before);
  }

  const poll = (before: Date) => {
    polling ??= drain(before)
      .catch(failed)
      .finally(() => {
        polling = undefined;
      });
  };

  return {
    name: 'outbox-relay',
    hint,
    async start() {
      running = true;
      poll(clock.now()); // whoever recorded these is gone
      timer = setInterval(() => poll(new Date(clock.now().getTime() - hintedMs)), pollMs);
    },
    async stop() {
      running = false;
      clearInterval(timer);
      await Promise.all([polling, ...publishing]);
    },
  };
}

function registerAge({ catalog, clock, metrics }: RelayOptions): void {
  new Gauge({
    name: 'outbox_oldest_age_seconds',
    help: 'Age of the oldest event that is recorded but not published, 0 when there is none; missing while the catalogue gives no answer.',
    registers: [metrics],
    async collect() {
      const oldest = await answerInTime(catalog.oldestOutboxEntryAt());
      if (oldest === undefined) this.remove();
      else this.set(oldest ? (clock.now().getTime() - oldest.getTime()) / 1000 : 0);
    },
  });
}
