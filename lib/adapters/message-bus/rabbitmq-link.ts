import { connect, type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { within, type RabbitMqTimings } from './rabbitmq-timing.ts';

/** One connection as long as it lives. The loss of a channel that it was to keep is its own loss. */
export interface Link {
  /** False from the first sign of trouble on: whatever was delivered on it belongs to the server again. */
  isAlive(): boolean;
  /** Resolves, with why, once it is no longer alive. */
  readonly lost: Promise<Error>;
  /** Why the server takes no messages just now (short of memory or disk); undefined when it does. */
  blockedBy(): string | undefined;
  openChannel(): Promise<Channel>;
  openConfirmChannel(): Promise<ConfirmChannel>;
  /** Runs `work` on a channel of its own, which may fail without harm to the link; takes bounded time. */
  withChannel<T>(work: (channel: Channel) => Promise<T>, timeoutMs?: number): Promise<T>;
  /** It cannot be trusted any more. */
  fail(error: Error): void;
  /** Says good-bye where the server listens; resolves within bounded time. */
  close(): Promise<void>;
  /** Without a word, as a killed process would. */
  destroy(): void;
}

export interface LinkOptions {
  url: string;
  /** Shown in RabbitMQ's management. */
  name: string;
  timings: RabbitMqTimings;
}

/**
 * Connects. Every emitter has its listeners before anything else can happen to it, so no error event of amqplib is ever
 * unhandled.
 */
export async function openLink({ url, name, timings }: LinkOptions): Promise<Link> {
  const connection = await connect(withHeartbeat(url, timings.heartbeatSeconds), {
    timeout: timings.connectTimeoutMs,
    clientProperties: { connection_name: name },
  });
  const lost = Promise.withResolvers<Error>();
  let alive = true;
  let blocked: string | undefined;
  let ending: Promise<void> | undefined;

  const lose = (error: Error) => {
    alive = false;
    lost.resolve(error);
  };
  const channels: Channel[] = [];
  const end = () => (ending ??= endConnection(connection, channels, timings.closeTimeoutMs));
  const fail = (error: Error) => {
    lose(error);
    void end();
  };
  connection.on('error', lose);
  connection.on('close', (error?: Error) => lose(error ?? new Error('the connection was closed')));
  connection.on('blocked', (reason) => (blocked = reason || 'short of resources'));
  connection.on('unblocked', () => (blocked = undefined));

  const keep = <C extends Channel>(channel: C): C => {
    channel.on('error', fail);
    channel.on('close', () => fail(new Error('a channel was closed')));
    channels.push(channel);
    return channel;
  };

  return {
    isAlive: () => alive,
    lost: lost.promise,
    blockedBy: () => blocked,
    openChannel: async () => keep(await connection.createChannel()),
    openConfirmChannel: async () => keep(await connection.createConfirmChannel()),
    withChannel: (work, timeoutMs = timings.operationTimeoutMs) =>
      within(timeoutMs, onOwnChannel(connection, work), () => new Error('the server did not answer in time')),
    fail,
    async close() {
      lose(new Error('the connection was closed'));
      await end();
    },
    destroy() {
      lose(new Error('the connection was destroyed'));
      ending = Promise.resolve();
      destroySocket(connection);
    },
  };
}

async function onOwnChannel<T>(connection: ChannelModel, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.createChannel();
  channel.on('error', () => {}); // the call that caused it is rejected with it
  try {
    return await work(channel);
  } finally {
    await channel.close().catch(() => {}); // already closed by the server
  }
}

function withHeartbeat(url: string, seconds: number): string {
  const result = new URL(url);
  result.searchParams.set('heartbeat', String(seconds));
  return result.href;
}

/** The channels first: amqplib sends a connection's good-bye before the last acknowledgements of its channels. */
async function endConnection(connection: ChannelModel, channels: Channel[], timeoutMs: number) {
  const goodBye = async () => {
    await Promise.allSettled(channels.map(async (channel) => channel.close()));
    await connection.close();
  };
  try {
    await within(timeoutMs, goodBye(), () => new Error('no good-bye'));
  } catch {
    destroySocket(connection);
  }
}

/** amqplib has no call for this. Its own reaction to a socket error cleans up channels and timers. */
function destroySocket(connection: ChannelModel): void {
  const { stream } = connection.connection as unknown as {
    stream: NodeJS.WritableStream & { destroy(error: Error): void };
  };
  stream.destroy(new Error('the connection was destroyed'));
}
