import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

type Parameters = Record<string, SQLInputValue>;

/** How long a statement waits for another process that holds the write lock. */
const lockTimeoutMs = 5_000;

/** The file was made by a newer version of the program. */
export class NewerCatalogError extends Error {
  override name = 'NewerCatalogError';
}

/** An open catalogue file. Every statement is prepared once. */
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
 * Opens or makes the file and brings its schema up to date.
 * @throws NewerCatalogError
 */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const connection = new DatabaseSync(path, { timeout: lockTimeoutMs, enableForeignKeyConstraints: true });
  try {
    // FULL: a commit is on the disk when it returns, so an accepted upload survives a power cut.
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(connection, path);
  } catch (error) {
    connection.close();
    throw error;
  }
  return withPreparedStatements(connection);
}

/** Two processes may do it at once: the second waits, and finds it done. */
function migrate(connection: DatabaseSync, path: string): void {
  inTransaction(connection, () => {
    const { user_version: version } = connection.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version > migrations.length) {
      throw new NewerCatalogError(
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
