import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

type Parameters = Record<string, SQLInputValue>;

/** How long a statement waits for another process that holds the write lock. */
const lockTimeoutMs = 5_000;

/** The file was made by a newer version of the program. */
export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError';
}

/** An open SQLite file. Every statement is prepared once. */
export interface Database {
  all<Row>(sql: string, parameters?: Parameters): Row[];
  get<Row>(sql: string, parameters?: Parameters): Row | undefined;
  /** @returns how many rows it changed */
  run(sql: string, parameters?: Parameters): number;
  /** All of `work` or, when it throws, nothing. It has the write lock from its start. It cannot be nested. */
  transaction<Result>(work: () => Result): Result;
  /** Closing twice is no error. */
  close(): void;
}

/**
 * Opens or makes the file, in WAL mode, and brings its schema up to date. It holds people's texts, password hashes and
 * keys: only its owner may read it.
 * @param path `:memory:` for one that is not kept
 * @param migrations appended to, never edited: `user_version` says how many of them a file has had
 * @throws NewerDatabaseError
 */
export function openDatabase(path: string, migrations: readonly string[]): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const connection = new DatabaseSync(path, { timeout: lockTimeoutMs, enableForeignKeyConstraints: true });
  try {
    if (path !== ':memory:') chmodSync(path, 0o600); // -wal and -shm take their mode from it
    // FULL: a commit is on the disk when it returns, so an accepted upload survives a power cut.
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(connection, path, migrations);
  } catch (error) {
    connection.close();
    throw error;
  }
  return withPreparedStatements(connection);
}

/** Two processes may do it at once: the second waits, and finds it done. */
function migrate(connection: DatabaseSync, path: string, migrations: readonly string[]): void {
  inTransaction(connection, () => {
    const { user_version: version } = connection.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version > migrations.length) {
      throw new NewerDatabaseError(
        `${path} has schema version ${version}; this program knows ${migrations.length}: run the newer program that made it`,
      );
    }
    for (const step of migrations.slice(version)) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function inTransaction<Result>(connection: DatabaseSync, work: () => Result): Result {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function withPreparedStatements(connection: DatabaseSync): Database {
  // The program has a bounded number of statements: values are always parameters.
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    all: <Row>(sql: string, parameters: Parameters = {}) => prepared(sql).all(parameters) as Row[],
    get: <Row>(sql: string, parameters: Parameters = {}) => prepared(sql).get(parameters) as Row | undefined,
    run: (sql, parameters = {}) => Number(prepared(sql).run(parameters).changes),
    transaction: (work) => inTransaction(connection, work),
    close() {
      statements.clear();
      if (connection.isOpen) connection.close();
    },
  };
}
