import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Manifest } from './manifest.ts';
import { readPart, writePart } from './parts.ts';

type Table = Manifest['mysql'][number];

const rowsAtATime = 500;

const rowsOf = async (connection: Connection, sql: string, values: unknown[] = []) =>
  (await connection.query<RowDataPacket[]>(sql, values))[0];

const tablesOf = async (connection: Connection): Promise<string[]> =>
  (
    await rowsOf(
      connection,
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name`,
    )
  ).map((row) => row['name'] as string);

export const isEmptyMySql = async (connection: Connection): Promise<boolean> =>
  (await tablesOf(connection)).length === 0;

/** For this connection: tables come in any order, and are emptied whole. */
const withoutForeignKeys = (connection: Connection) => connection.query('SET FOREIGN_KEY_CHECKS = 0');

export async function emptyMySql(connection: Connection): Promise<void> {
  await withoutForeignKeys(connection);
  for (const name of await tablesOf(connection)) await connection.query('DROP TABLE ??', [name]);
}

/** Every table as JSON lines, all as of one moment. */
export async function backUpMySql(connection: Connection, directory: string): Promise<Table[]> {
  await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  const tables: Table[] = [];
  for (const name of await tablesOf(connection)) {
    const [definition] = await rowsOf(connection, 'SHOW CREATE TABLE ??', [name]);
    const part = await writePart(directory, name, `mysql.${name}.jsonl.gz`, linesOf(connection, name));
    tables.push({ ...part, schema: definition!['Create Table'] as string });
  }
  await connection.query('COMMIT');
  return tables;
}

/** In the order of the primary key, which is one column. None of our columns is binary. */
async function* linesOf(connection: Connection, table: string): AsyncGenerator<Buffer> {
  const [primary] = await rowsOf(connection, "SHOW KEYS FROM ?? WHERE Key_name = 'PRIMARY'", [table]);
  const key = primary!['Column_name'] as string;
  const first = 'SELECT * FROM ?? ORDER BY ?? LIMIT ?';
  const next = 'SELECT * FROM ?? WHERE ?? > ? ORDER BY ?? LIMIT ?';
  let rows = await rowsOf(connection, first, [table, key, rowsAtATime]);
  while (rows.length) {
    for (const row of rows) yield Buffer.from(`${JSON.stringify(row)}\n`);
    rows = await rowsOf(connection, next, [table, key, rows.at(-1)![key], key, rowsAtATime]);
  }
}

/** Into a database without this table. */
export async function restoreMySql(connection: Connection, directory: string, table: Table): Promise<void> {
  await withoutForeignKeys(connection);
  await connection.query(table.schema);
  const insert = async (rows: Record<string, unknown>[]) => {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]!);
    const values = rows.map((row) => columns.map((column) => row[column]));
    await connection.query('INSERT INTO ?? (??) VALUES ?', [table.name, columns, values]);
  };
  let rows: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: Readable.from(readPart(directory, table)) })) {
    rows.push(JSON.parse(line) as Record<string, unknown>);
    if (rows.length < rowsAtATime) continue;
    await insert(rows);
    rows = [];
  }
  await insert(rows);
}
