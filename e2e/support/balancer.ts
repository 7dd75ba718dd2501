import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
  /** http://127.0.0.1:8080 */
  readonly url: string;
  close(): Promise<void>;
}

/** Hands each request to the next of `targets`, base URLs that are asked for anew each time; where none answers: 502. */
export async function startBalancer(targets: () => string[]): Promise<Balancer> {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const at = targets();
    const refuse = () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end());
    if (at.length === 0) return refuse();
    const { method, headers, url } = incoming;
    const forwarded = request(
      new URL(url!, at[turn++ % at.length]),
      { method: method!, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.on('error', () => outgoing.destroy()).pipe(outgoing);
      },
    );
    forwarded.on('error', refuse);
    outgoing.on('close', () => forwarded.destroy()); // the client went away, or all is said
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
