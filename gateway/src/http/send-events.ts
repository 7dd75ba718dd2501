import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { LiveMessage } from '../domain/live-stream.ts';

/** Proxies end connections that are silent for a minute, some sooner. */
const heartbeatMs = 15_000;
/** A client that takes nothing for so long is gone; it may come back and go on from its last id. */
const patienceMs = 60_000;
/** After which a client whose connection broke comes back. */
const retryMs = 2_000;

/**
 * Writes messages as server-sent events until they end, or `mayGoOn` says no. The next message is taken when the client
 * has taken the one before, so that what waits for a slow one is bounded. It ends `stream`, at once where it is stuck.
 * @param mayGoOn asked before every message
 */
export async function sendEvents(
  stream: Writable,
  messages: AsyncIterable<LiveMessage>,
  { mayGoOn, signal }: { mayGoOn: () => Promise<boolean>; signal: AbortSignal },
): Promise<void> {
  let wroteAt = -Infinity;
  let text = `retry: ${retryMs}\n\n`;
  for await (const message of messages) {
    if (signal.aborted || !(await mayGoOn())) break;
    text += message.events.length > 0 ? blocksOf(message) : '';
    if (text === '' && performance.now() - wroteAt >= heartbeatMs) text = `:\nid: ${message.id}\n\n`; // no event: no data
    if (text === '') continue;
    const isTaken = stream.write(text);
    wroteAt = performance.now();
    text = '';
    if (!isTaken && !(await drained(stream, signal))) break;
  }
  if (stream.writableNeedDrain) stream.destroy();
  else stream.end();
}

/** The id of the last alone: who loses the connection before it is told all of them again. */
const blocksOf = ({ events, id }: LiveMessage): string =>
  events
    .map(({ event, data }, index) => {
      const idLine = index === events.length - 1 ? `id: ${id}\n` : '';
      return `${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    })
    .join('');

/** @returns false where it will not be: the client is gone or too slow, or the server stops */
const drained = (stream: Writable, signal: AbortSignal): Promise<boolean> =>
  once(stream, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) }).then(
    () => true,
    () => false,
  );
