import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@image-organizer/platform/log';
import { openLink, type Link, type LinkOptions } from './rabbitmq-link.ts';
import { backOffMs, within } from './rabbitmq-timing.ts';
import { reasonOf, serverName } from './rabbitmq-words.ts';

export interface Supervised<Session> {
  /** What `setup` made of the living connection; undefined while there is none. */
  current(): Session | undefined;
  /** Waits for it, for a bounded time. @throws Error in words, naming the server */
  session(): Promise<Session>;
  waitingFor(): string[];
  /** Resolves within bounded time, whatever the server does. */
  close(): Promise<void>;
  /** Ends it without a word, as a killed process would. */
  destroy(): void;
}

export interface SupervisorOptions<Session> extends LinkOptions {
  log: Log;
  /** Channels, topology, consumers: all that belongs to one connection. Runs anew on each. */
  setup: (link: Link) => Promise<Session>;
}

/**
 * Keeps a connection with all that belongs to it: whatever breaks, everything is thrown away and built anew, after a
 * jittered back-off, for ever. (amqplib's own recovery leaves a channel that the server closed without its consumer.)
 */
export function superviseConnection<Session>(options: SupervisorOptions<Session>): Supervised<Session> {
  const { url, name, timings, log, setup } = options;
  const stop = new AbortController();
  let trouble = 'not connected yet';
  let link: Link | undefined;
  let session: Session | undefined;
  let ready = newPromise<Session>();

  const say = (reason: string) => {
    if (reason !== trouble) log.warn({ connection: name, reason }, 'RabbitMQ: not connected, will try again');
    trouble = reason;
  };
  async function connectAndSetUp() {
    link = await openLink(options);
    if (stop.signal.aborted) return;
    // amqplib leaves a call without an answer for ever where the connection breaks at a bad moment.
    session = await Promise.race([setup(link), link.lost.then((error) => Promise.reject(error))]);
    if (!link.isAlive()) return;
    log.info({ connection: name }, 'RabbitMQ: connected');
    trouble = '';
    ready.resolve(session);
  }
  /** One connection from its beginning to its end. @returns why it ended */
  async function live(): Promise<string> {
    try {
      await connectAndSetUp();
      return reasonOf(await link!.lost);
    } catch (error) {
      return reasonOf(link && !link.isAlive() ? await link.lost : error); // what ends a connection fails its calls too
    } finally {
      if (session) ready = newPromise();
      session = undefined;
      await link?.close();
      link = undefined;
    }
  }
  async function run() {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      const began = performance.now();
      const reason = await live();
      if (stop.signal.aborted) return;
      say(reason);
      if (performance.now() - began > timings.backOffMaxMs) attempt = 0;
      await pause(backOffMs(attempt, timings), undefined, { signal: stop.signal }).catch(() => {});
    }
  }
  void run();

  const unavailable = () => new Error(`${serverName(url)}: ${trouble || 'the connection was lost'}`);
  return {
    current: () => session,
    async session() {
      if (stop.signal.aborted) throw closed();
      return session ?? within(timings.operationTimeoutMs, ready.promise, unavailable);
    },
    waitingFor: () => (session && link?.isAlive() ? [] : [unavailable().message]),
    async close() {
      stop.abort();
      ready.reject(closed());
      await link?.close();
    },
    destroy() {
      stop.abort();
      ready.reject(closed());
      link?.destroy();
    },
  };
}

const closed = () => new Error('the message bus is closed');

/** A promise that may be rejected while nobody waits for it. */
function newPromise<T>() {
  const result = Promise.withResolvers<T>();
  result.promise.catch(() => {});
  return result;
}
