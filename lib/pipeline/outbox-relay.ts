import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import type { Clock } from '@image-organizer/platform/clock';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { Gauge } from 'prom-client';
import { messageOfEntry } from './outbox-entry.ts';

export interface OutboxRelay extends Service {
  /** Something was recorded: publish it now. Polling is only the fallback. Cheap, never throws. */
  hint(): void;
}

export interface RelayOptions {
  catalog: Catalog;
  bus: MessageBus;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Milliseconds between looks without a hint. */
  pollMs?: number;
}

const pageSize = 100;

/**
 * Publishes what the catalogue's outbox holds, oldest first, and removes each entry once the bus has it. A crash in
 * between publishes the same message id again, which every consumer takes once.
 */
export function createOutboxRelay(options: RelayOptions): OutboxRelay {
  const { catalog, bus, log, pollMs = 2_000 } = options;
  registerAge(options);
  let running = false;
  let wanted = false;
  let draining: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const publish = async (entry: Awaited<ReturnType<Catalog['dueOutbox']>>[number]) => {
    await bus.publish(messageOfEntry(entry));
    await catalog.markPublished(entry);
  };

  const drain = async () => {
    while (wanted && running) {
      wanted = false;
      const entries = await catalog.dueOutbox(pageSize);
      const published = await Promise.allSettled(entries.map(publish));
      const failed = published.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      if (entries.length === pageSize) wanted = true;
    }
  };

  const hint = () => {
    wanted = true;
    if (draining || !running) return;
    draining = drain()
      .catch((error: unknown) =>
        log.warn({ reason: messageOf(error) }, 'outbox: could not publish, will try again'),
      )
      .finally(() => {
        draining = undefined;
      });
  };

  return {
    name: 'outbox-relay',
    hint,
    async start() {
      running = true;
      timer = setInterval(hint, pollMs);
      hint();
    },
    async stop() {
      running = false;
      clearInterval(timer);
      await draining;
    },
  };
}

function registerAge({ catalog, clock, metrics }: RelayOptions): void {
  new Gauge({
    name: 'outbox_oldest_age_seconds',
    help: 'Age of the oldest event that is recorded but not published; 0 when there is none.',
    registers: [metrics],
    async collect() {
      const oldest = await catalog.oldestOutboxEntryAt();
      this.set(oldest ? (clock.now().getTime() - oldest.getTime()) / 1000 : 0);
    },
  });
}
