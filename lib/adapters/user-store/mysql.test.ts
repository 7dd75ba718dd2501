import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { silentLog } from '@image-organizer/platform/log';
import { createMySqlUserStore } from './mysql.ts';

const timeouts = { connect: 100, acquire: 200, statement: 200, patience: 400 };
const open = (url: string) => createMySqlUserStore({ url, log: silentLog(), timeouts });

/** A server that takes connections and says nothing. */
const startSilence = async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {}))).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, stop };
};

describe('MySQL user store without a server', () => {
  it('When nobody is at the port, then calls fail after a while as unavailable, and what is waited for has no secret', async () => {
    const { port, stop } = await startSilence();
    stop();
    const store = open(`mysql://auth:secret@127.0.0.1:${port}/auth`);
    await expect(store.countUsers()).rejects.toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 });
    expect(store.waitingFor()).toEqual([`MySQL at 127.0.0.1:${port}: connection refused`]);
    await store.close();
    await expect(store.countUsers()).rejects.toThrow();
  });

  it('When the server says nothing, then that is named, and the store can be closed meanwhile', async () => {
    const { port, stop } = await startSilence();
    const store = open(`mysql://auth:secret@127.0.0.1:${port}/auth`);
    await expect(store.findUser('x')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(store.waitingFor()).toEqual([`MySQL at 127.0.0.1:${port}: no answer`]);
    await store.close();
    await store.close();
    stop();
  });

  it.each([
    'mysql://auth:secret@127.0.0.1',
    'http://auth:secret@b/c',
    'mysql://auth:secret@b/c?ssl=what',
    'mysql://auth:secret@b/c?multipleStatements=true',
  ])('When the URL is %s, then it is refused without the secret', (url) => {
    expect(() => open(url)).toThrow(/^MYSQL_URL(?!.*secret)/);
  });
});
