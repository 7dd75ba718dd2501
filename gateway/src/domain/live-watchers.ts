import type { MessageBus, OutgoingMessage } from '@image-organizer/adapters/message-bus/message-bus';
import { batchCompleted } from '@image-organizer/contracts/events/batch-completed';
import { imageClassified } from '@image-organizer/contracts/events/image-classified';
import { imageExtracted } from '@image-organizer/contracts/events/image-extracted';
import { imageFailed } from '@image-organizer/contracts/events/image-failed';
import { imageOrganized } from '@image-organizer/contracts/events/image-organized';
import { imageUploaded } from '@image-organizer/contracts/events/image-uploaded';
import { AppError, messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { Gauge } from 'prom-client';
import { z } from 'zod';

export class TooManyStreamsError extends AppError {
  readonly code = 'TOO_MANY_STREAMS';
  readonly kind = 'too-many-requests';
  override readonly retryAfterSeconds = 10;
  constructor() {
    super(`${mostPerOwner} streams of this account are open: close one, or try again in 10 seconds.`);
  }
}

const mostPerOwner = 10;
const hints = [imageUploaded, imageExtracted, imageClassified, imageOrganized, imageFailed, batchCompleted];
const ownedMessage = z.object({ data: z.object({ ownerId: z.string() }) });

export interface Watchers {
  /**
   * @param wake called when something of the owner may have changed; not every time
   * @returns what ends it
   * @throws TooManyStreamsError
   */
  join(ownerId: string, wake: () => void): () => void;
}

/** Who watches in this process. The first one makes it listen to the bus, once for all of them. */
export function createWatchers({
  bus,
  log,
  metrics,
}: {
  bus: MessageBus;
  log: Log;
  metrics?: Metrics;
}): Watchers {
  const watchers = new Map<string, Set<() => void>>();
  const open = new Gauge({
    name: 'live_streams',
    help: 'Streams of GET /api/events that are open.',
    registers: metrics ? [metrics] : [],
  });
  let listening = false;

  function listen() {
    if (listening) return;
    listening = true;
    bus.subscribe(hints, tell).catch((error: unknown) => {
      listening = false; // until the next one joins, streams find changes by themselves
      log.warn({ reason: messageOf(error) }, 'streams hear no hints');
    });
  }
  function tell({ body }: OutgoingMessage) {
    const { ownerId } = ownedMessage.parse(JSON.parse(body)).data;
    for (const wake of watchers.get(ownerId) ?? []) wake();
  }

  return {
    join(ownerId, wake) {
      const own = watchers.get(ownerId) ?? new Set();
      if (own.size >= mostPerOwner) throw new TooManyStreamsError();
      watchers.set(ownerId, own.add(wake));
      open.inc();
      listen();
      return () => {
        open.dec();
        own.delete(wake);
        if (own.size === 0) watchers.delete(ownerId);
      };
    },
  };
}
