import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** What the server does wrong from now on. */
export interface Misbehaviour {
  /** `data`: once it has the whole mail, before its answer. */
  at: 'connect' | 'auth' | 'mail' | 'recipient' | 'data';
  /** A number is the SMTP answer, such as 451 (not now) or 550 (never). */
  does: 'hang' | 'drop' | number;
  /** Only for this recipient; at `recipient`. */
  recipient?: string;
}

export interface TestSmtpServer {
  readonly port: number;
  /** smtp://127.0.0.1:2525 */
  readonly url: string;
  /** Undefined: from now on it does everything right. */
  misbehave(misbehaviour: Misbehaviour | undefined): void;
  /** Every mail it has taken, parsed; with one that it took and dropped the connection instead of saying so. */
  inbox(): Promise<Email[]>;
  /** How often each step was reached. */
  reached(step: Misbehaviour['at']): number;
  stop(): Promise<void>;
}

type Done = (error?: Error | null, answer?: never) => void;
interface Wire {
  id: string;
  _socket: { destroy(): void };
}

/**
 * An SMTP server for tests on a port of 127.0.0.1 that misbehaves on order.
 * @param options.login when given, only this user with this password may send
 */
export async function startSmtpServer(
  options: { port?: number; login?: { user: string; password: string } } = {},
): Promise<TestSmtpServer> {
  const { login } = options;
  const taken: Buffer[] = [];
  const counts = new Map<string, number>();
  let order: Misbehaviour | undefined;

  const drop = ({ id }: SMTPServerSession) => {
    for (const wire of server.connections as Set<unknown> as Set<Wire>)
      if (wire.id === id) wire._socket.destroy();
  };
  /** Answers as ordered, else by `well`. */
  const step = (
    at: Misbehaviour['at'],
    session: SMTPServerSession,
    done: Done,
    well: () => void,
    recipient?: string,
  ) => {
    counts.set(at, (counts.get(at) ?? 0) + 1);
    const applies = order?.at === at && (order.recipient === undefined || order.recipient === recipient);
    if (!order || !applies) return well();
    if (order.does === 'hang') return;
    if (order.does === 'drop') return drop(session);
    done(Object.assign(new Error('as ordered'), { responseCode: order.does }));
  };

  const server = new SMTPServer({
    authOptional: login === undefined,
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect: (session, done) => step('connect', session, done, () => done()),
    onAuth(auth, session, done) {
      step('auth', session, done, () => {
        if (auth.username === login?.user && auth.password === login?.password)
          return done(null, { user: login?.user });
        done(Object.assign(new Error('wrong password'), { responseCode: 535 }));
      });
    },
    onMailFrom: (_address, session, done) => step('mail', session, done, () => done()),
    onRcptTo: ({ address }, session, done) => step('recipient', session, done, () => done(), address),
    onData(stream, session, done) {
      buffer(stream).then((mail) => {
        if (order?.at !== 'data' || order.does === 'drop') taken.push(mail);
        step('data', session, done, () => done());
      }, done);
    },
  });
  server.on('error', () => {}); // a client that goes away in the middle
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;

  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    misbehave: (misbehaviour) => void (order = misbehaviour),
    inbox: () => Promise.all(taken.map((mail) => PostalMime.parse(mail))),
    reached: (at) => counts.get(at) ?? 0,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
