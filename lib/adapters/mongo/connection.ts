import { setTimeout as sleep } from 'node:timers/promises';
import {
  MongoClient,
  MongoNetworkError,
  MongoServerSelectionError,
  type Db,
  type TopologyDescription,
} from 'mongodb';
import { AppError, messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';

const patienceMs = 7_000;
const closeMs = 3_000;
const clientOptions = {
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  socketTimeoutMS: 20_000, // a server that hangs must not keep a worker for ever
  heartbeatFrequencyMS: 2_000,
  writeConcern: { w: 'majority', journal: true },
} as const;
const writable = new Set(['Standalone', 'RSPrimary', 'Mongos', 'LoadBalanced']);

/** The server cannot be reached now; it is being tried on. */
export class MongoUnavailableError extends AppError {
  readonly code = 'STORE_UNAVAILABLE';
  readonly kind = 'unavailable';
  override readonly retryAfterSeconds = 5;
}

/** One pool of connections, shared by every adapter of a process. */
export interface MongoConnection {
  /**
   * The database that the URL names. Waits up to 7 s for the first connection.
   * @throws MongoUnavailableError saying what is wrong with which server
   */
  database(): Promise<Db>;
  /** What it waits for, in words without a secret; empty while a server that takes writes is known. */
  waitingFor(): string[];
  /** Ends within 3 s, also when the server was killed: the driver alone might wait for ever. Twice is no error. */
  close(): Promise<void>;
}

/**
 * Returns at once and connects in the background, for ever, with jittered back-off. Writes are acknowledged when a
 * majority has them in its journal.
 * @throws Error when the URL is none, without quoting it
 */
export function connectMongo({ url, log }: { url: string; log: Log }): MongoConnection {
  const client = createClient(url);
  const server = `MongoDB at ${client.options.srvHost ?? client.options.hosts.join(',')}`;
  const stop = new AbortController();
  let connected = false;
  let problem: string | null = 'not connected yet';
  const waitingFor = () => (problem === null || stop.signal.aborted ? [] : [`${server}: ${problem}`]);

  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    if (connected) problem = problemOf(newDescription);
  });

  async function connect(): Promise<void> {
    for (let attempt = 0; !stop.signal.aborted; attempt++) {
      try {
        await client.connect();
        await client.db().command({ ping: 1 }); // the first to need the user and password, where they are not needed to connect
        [connected, problem] = [true, null];
        return;
      } catch (error) {
        if (stop.signal.aborted) return;
        problem = describeMongoError(error, client.options.credentials?.password);
        log.warn({ server, problem }, 'mongo.connect.failed');
        await sleep(Math.min(10_000, 250 * 2 ** attempt) * (0.5 + Math.random() / 2), undefined, stop).catch(
          () => undefined,
        );
      }
    }
  }
  const connecting = connect();

  return {
    async database() {
      if (!connected) await within(patienceMs, connecting);
      if (stop.signal.aborted) throw new MongoUnavailableError(`${server}: the connection was closed`);
      if (!connected) throw new MongoUnavailableError(waitingFor().join());
      return client.db();
    },
    waitingFor,
    async close() {
      stop.abort();
      await within(
        closeMs,
        client.close(true).catch(() => undefined),
      );
    },
  };
}

function createClient(url: string): MongoClient {
  try {
    return new MongoClient(url, clientOptions);
  } catch {
    // The driver's own message quotes the URL, and with it the password.
    throw new Error('MONGO_URL is no MongoDB URL: it looks like mongodb://user:password@host:27017/database');
  }
}

/** Waits for the work or so long. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const timeout = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([work, timeout]);
  timer.abort();
}

function problemOf({ servers }: TopologyDescription): string | null {
  const known = [...servers.values()];
  if (known.some(({ type }) => writable.has(type))) return null;
  const error = known.find((server) => server.error)?.error;
  return error ? describeMongoError(error) : 'no server that takes writes';
}

/** What went wrong, for people: a few words without a secret. */
export function describeMongoError(error: unknown, secret?: string): string {
  const codes = codesOf(error);
  if (codes.has('ECONNREFUSED')) return 'connection refused';
  if (codes.has('ENOTFOUND') || codes.has('EAI_AGAIN')) return 'unknown host';
  if (codes.has(18)) return 'wrong user or password';
  const message = messageOf(error);
  return secret ? message.replaceAll(secret, '…') : message;
}

/** Node's codes of a network that fails. */
const networkCodes = new Set<unknown>([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);

/** The server was not reached or not heard; what was sent may be done. A socket's error may come as it is (driver 7.8). */
export const isNetworkFailure = (error: unknown): boolean =>
  error instanceof MongoNetworkError ||
  error instanceof MongoServerSelectionError ||
  !codesOf(error).isDisjointFrom(networkCodes);

interface Failure {
  code?: unknown;
  cause?: unknown;
  /** Of a server selection. */
  reason?: TopologyDescription;
  /** Of an AggregateError. */
  errors?: unknown[];
}

/** The codes of an error and of all that caused it. Node's errors are of another realm in tests: no instanceof. */
function codesOf(error: unknown): Set<unknown> {
  if (typeof error !== 'object' || error === null) return new Set();
  const { code, cause, reason, errors = [] } = error as Failure;
  const servers = [...(reason?.servers?.values() ?? [])].map((server) => server.error);
  return new Set([code, ...[cause, ...servers, ...errors].flatMap((each) => [...codesOf(each)])]);
}
