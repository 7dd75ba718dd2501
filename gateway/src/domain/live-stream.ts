import type { LiveEvent } from '@image-organizer/contracts/http/live-event';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { followChanges, type ChangeSource, type LiveChanges } from './live-changes.ts';
import { cursorOf, readCursor } from './live-cursor.ts';
import type { Watchers } from './live-watchers.ts';

export interface LiveDependencies extends ChangeSource {
  watchers: Watchers;
  log: Log;
  /** How often a stream looks by itself: for hints that were lost, and changes that no event tells of. */
  pollMs?: number;
}

/** Some events, maybe none, and the id of the last of them. */
export interface LiveMessage {
  events: LiveEvent[];
  id: string;
}

/** Changes that come within this time are told together. */
const togetherMs = 200;

/**
 * An owner's events until `signal` is aborted, an empty message whenever there is nothing new. It goes on from
 * `lastEventId`, else from now. What the reader does not take is not read: he gets the state that is the present one then.
 * @throws TooManyStreamsError, and as the catalogue, before the first message alone
 */
export async function* liveStream(
  { watchers, log, pollMs = 5_000, ...source }: LiveDependencies,
  { ownerId, lastEventId, signal }: { ownerId: string; lastEventId: string | undefined; signal: AbortSignal },
): AsyncGenerator<LiveMessage> {
  let hint = Promise.withResolvers<void>();
  const leave = watchers.join(ownerId, () => hint.resolve());
  try {
    const now = source.clock.now();
    const from = lastEventId === undefined ? undefined : readCursor(lastEventId, now);
    const changes = followChanges(source, ownerId, from ?? now);
    if (!from) await changes.skip();
    const greeting: LiveEvent[] = [{ event: 'ready', data: {} }];
    if (lastEventId !== undefined && !from) greeting.push({ event: 'reset', data: {} });
    yield { events: greeting, id: cursorOf(changes.until()) };
    while (!signal.aborted) {
      hint = Promise.withResolvers();
      yield* newMessages(changes, log);
      await waitFor([], togetherMs, signal);
      await waitFor([hint.promise], pollMs, signal);
    }
  } finally {
    leave();
  }
}

/** A catalogue that is away is asked again later: nothing is lost meanwhile. */
async function* newMessages(changes: LiveChanges, log: Log): AsyncGenerator<LiveMessage> {
  try {
    for await (const { events, until } of changes.read()) yield { events, id: cursorOf(until) };
  } catch (error) {
    log.debug({ reason: messageOf(error) }, 'a stream could not read what changed');
  }
  yield { events: [], id: cursorOf(changes.until()) };
}

/** Until one of them, the time, or the abort. */
async function waitFor(events: Promise<void>[], ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => resolve();
  signal.addEventListener('abort', stop);
  if (signal.aborted) resolve();
  await Promise.race([promise, ...events]);
  signal.removeEventListener('abort', stop);
  clearTimeout(timer);
}
