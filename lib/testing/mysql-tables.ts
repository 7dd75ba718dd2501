import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** Those that refer to others come first. */
const tables = [
  ...['refresh_tokens', 'api_tokens', 'password_resets', 'invites', 'users'],
  ...['signing_keys', 'login_limits', 'schema_migrations'],
];

/**
 * The tables of accounts in the database of `url`, for one test file alone: the next file waits until `release`. (The
 * user of the tests may make no database.)
 */
export async function ownMySqlTables(url: string) {
  const connection = await createConnection(url);
  connection.on('error', () => {}); // the server is killed
  await connection.query("SELECT GET_LOCK('image-organizer-tests', 60)");
  const drop = async () => {
    const other = await createConnection(url);
    await other.query(`DROP TABLE IF EXISTS ${tables.join(', ')}`);
    await other.end();
  };
  await drop();
  return {
    drop,
    /** Any statement. @returns its rows */
    async query(sql: string) {
      const other = await createConnection(url);
      const [rows] = await other.query<RowDataPacket[]>(sql);
      await other.end();
      return rows;
    },
    async release() {
      await drop();
      connection.destroy();
    },
  };
}
