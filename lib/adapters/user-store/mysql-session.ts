import type { PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { within } from '../within.ts';
import { duplicateKeyOf } from './mysql-errors.ts';

export type Value = string | number | null;

/** One connection, on which every statement is answered within a bounded time or ends the connection. */
export interface Session {
  /** A prepared statement. @returns its rows */
  all<Row>(sql: string, values?: Value[]): Promise<Row[]>;
  /** A prepared statement. @returns how many rows it changed, or found as they were to be */
  run(sql: string, values?: Value[]): Promise<number>;
  /** For the statements that cannot be prepared. */
  command<Result>(sql: string, values?: Value[]): Promise<Result>;
}

export function createSession(connection: PoolConnection, timeoutMs: number): Session {
  const answered = <Result>(answer: Promise<[unknown, unknown]>) =>
    within(answer, timeoutMs, () => connection.destroy()).then(([result]) => result as Result);
  const execute = <Result>(sql: string, values: Value[] = []) =>
    answered<Result>(connection.execute(sql, values));
  return {
    all: async <Row>(sql: string, values?: Value[]) =>
      (await execute<RowDataPacket[]>(sql, values)) as unknown as Row[],
    run: async (sql, values) => (await execute<ResultSetHeader>(sql, values)).affectedRows,
    command: (sql, values) => answered(connection.query(sql, values)),
  };
}

/** An insert whose earlier attempt may have worked without its answer coming through: then the row is there. */
export async function insertOnce(insert: Promise<unknown>, attempt: number): Promise<void> {
  await insert.catch((error: unknown) => {
    if (attempt === 1 || duplicateKeyOf(error) === undefined) throw error;
  });
}
