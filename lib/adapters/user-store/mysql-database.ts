import { createPool, type PoolConnection } from 'mysql2/promise';
import type { Log } from '@image-organizer/platform/log';
import { createServerWatch } from '../server-watch.ts';
import { within } from '../within.ts';
import {
  AccountsUnavailableError,
  isConnectionLoss,
  isLockConflict,
  NoConnectionError,
  reasonOf,
} from './mysql-errors.ts';
import { migrate, type Schema } from './mysql-migrate.ts';
import { createSession, type Session } from './mysql-session.ts';
import { parseMySqlUrl } from './mysql-url.ts';

/** Milliseconds. */
export const defaultTimeouts = {
  connect: 4_000,
  /** Longer than `connect`, so that it says why there is no connection. */
  acquire: 5_000,
  statement: 5_000,
  /** How long a call waits for a server that is down. */
  patience: 8_000,
};
export type MySqlTimeouts = typeof defaultTimeouts;

const mostLockConflicts = 10;

/** `attempt` counts from 1; on a later one, the one before may have worked without its answer coming through. */
export type Work<Result> = (session: Session, attempt: number) => Promise<Result>;

/** A pool of connections that outlives restarts of the server. */
export interface MySqlDatabase {
  /**
   * Runs `work`: again after a lock conflict, and once more when the connection is lost.
   * @throws AccountsUnavailableError, or what `work` rejects with
   */
  use<Result>(work: Work<Result>): Promise<Result>;
  /** As `use`; all of the work or nothing. READ COMMITTED, whatever the server's default is. */
  transaction<Result>(work: Work<Result>): Promise<Result>;
  waitingFor(): string[];
  close(): Promise<void>;
}

export interface MySqlOptions {
  url: string;
  log: Log;
  timeouts?: Partial<MySqlTimeouts>;
}

/** Returns at once and connects in the background, for ever. @throws Error when the URL cannot be read */
export function openMySqlDatabase({
  url,
  log,
  schema,
  ...options
}: MySqlOptions & { schema: Schema }): MySqlDatabase {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const { host, port, ...login } = parseMySqlUrl(url);
  const pool = createPool({
    ...login,
    host,
    port,
    connectTimeout: timeouts.connect,
    connectionLimit: 10,
    maxIdle: 2,
  });
  /** Which check a connection was made after; those made before a failure are not trusted again. */
  const generations = new WeakMap<object, number>();
  let generation = 0;
  let closed = false;

  const acquire = async (): Promise<PoolConnection> => {
    const waiting = pool.getConnection();
    const connection = await within(waiting, timeouts.acquire, () => {
      waiting.then((late) => late.release()).catch(() => {});
    }).catch((error: unknown) => {
      throw new NoConnectionError(error);
    });
    if (generations.get(connection.connection) === generation) return connection;
    connection.destroy();
    return acquire();
  };

  const once = async <Result>(work: Work<Result>, attempt: number): Promise<Result> => {
    const connection = await acquire();
    try {
      const result = await work(createSession(connection, timeouts.statement), attempt);
      connection.release();
      return result;
    } catch (error) {
      if (isConnectionLoss(error)) connection.destroy();
      else connection.release();
      throw error;
    }
  };

  const watch = createServerWatch({
    server: `MySQL at ${host}:${port}`,
    presumed: 'down',
    longestPauseMs: 5_000,
    reasonOf,
    log,
    attempt: () => once((session) => migrate(session, schema), 1),
  });
  const distrust = () => {
    if (closed || watch.waitingFor().length) return;
    generation += 1;
    watch.check();
  };
  pool.on('connection', (connection) => {
    generations.set(connection, generation);
    // mysql2 takes the connection out of the pool; here the server is looked at, before anybody needs it.
    connection.on('error', distrust);
  });
  watch.check();

  const use = async <Result>(work: Work<Result>): Promise<Result> => {
    const deadline = performance.now() + timeouts.patience;
    let [losses, conflicts] = [0, 0];
    for (let attempt = 1; ; attempt += 1) {
      await watch.up(deadline - performance.now()).catch((error: unknown) => {
        throw new AccountsUnavailableError(error);
      });
      try {
        return await once(work, attempt);
      } catch (error) {
        if (isLockConflict(error) && ++conflicts <= mostLockConflicts) continue;
        if (!isConnectionLoss(error)) throw error;
        distrust();
        if (++losses > 1) throw new AccountsUnavailableError(error);
      }
    }
  };

  return {
    use,
    transaction: (work) => use((session, attempt) => inTransaction(session, () => work(session, attempt))),
    waitingFor: () => watch.waitingFor(),
    async close() {
      if (closed) return;
      closed = true;
      watch.stop();
      await within(pool.end(), timeouts.acquire).catch(() => {});
    },
  };
}

async function inTransaction<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  await session.command('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await session.command('START TRANSACTION');
  try {
    const result = await work();
    await session.command('COMMIT');
    return result;
  } catch (error) {
    if (!isConnectionLoss(error)) await session.command('ROLLBACK');
    throw error;
  }
}
