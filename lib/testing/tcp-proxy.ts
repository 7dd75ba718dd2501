import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Connections that are open now. */
  connections(): number;
  /** Connections that were ever accepted, refused ones included. */
  accepted(): number;
  /** Ends every connection with a reset and refuses new ones, as a server that is down would, until `restore`. */
  cut(): void;
  /** Ends every connection with a reset; new ones are let through. */
  reset(): void;
  /** Nothing passes in either direction and nobody is told, as behind a firewall that drops, until `restore`. */
  blackHole(): void;
  /** Lets everything through again; what came meanwhile is passed on. */
  restore(): void;
  /** Called for every chunk that a client sends before it is passed on: where a test cuts at an exact moment. */
  onClientData(listener: (chunk: Buffer) => void): void;
  close(): Promise<void>;
}

/** A TCP proxy between a client and a real server, with faults on order. @param target the server */
export async function createTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let state: 'open' | 'cut' | 'black-hole' = 'open';
  let accepted = 0;
  let onData: (chunk: Buffer) => void = () => {};

  // allowHalfOpen is off and errors are expected here: each side's end is the other's end.
  function join(client: Socket) {
    accepted += 1;
    client.on('error', () => {});
    if (state === 'cut') return client.resetAndDestroy();
    const server = connect(target);
    const pair: [Socket, Socket] = [client, server];
    pairs.add(pair);
    const forget = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    server.on('error', forget).on('close', forget);
    client.on('close', forget);
    client.on('data', (chunk: Buffer) => pass(client, server, chunk, true));
    server.on('data', (chunk: Buffer) => pass(server, client, chunk));
    if (state === 'black-hole') stall(pair);
  }
  function pass(from: Socket, to: Socket, chunk: Buffer, toServer = false) {
    if (toServer) onData(chunk);
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => state !== 'black-hole' && from.resume());
  }
  const stall = (pair: [Socket, Socket]) => pair.forEach((socket) => socket.pause());
  function reset() {
    for (const [client, server] of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  const listener = createServer(join);
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    connections: () => pairs.size,
    accepted: () => accepted,
    cut() {
      state = 'cut';
      reset();
    },
    reset,
    blackHole() {
      state = 'black-hole';
      pairs.forEach(stall);
    },
    restore() {
      state = 'open';
      for (const pair of pairs) pair.forEach((socket) => socket.resume());
    },
    onClientData(next) {
      onData = next;
    },
    async close() {
      reset();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
