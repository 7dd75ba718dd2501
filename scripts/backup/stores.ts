import { parseMySqlUrl } from '@image-organizer/adapters/user-store/mysql-url';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { createLog } from '@image-organizer/platform/log';
import type { Db } from 'mongodb';
import { createConnection, type Connection } from 'mysql2/promise';

export interface Stores {
  mongo: Db;
  mysql: Connection;
}

/** Runs the work on the stores that MONGO_URL and MYSQL_URL name. @throws Error saying which is missing or cannot be reached */
export async function withStores<Result>(
  env: NodeJS.ProcessEnv,
  work: (stores: Stores) => Promise<Result>,
): Promise<Result> {
  const { MONGO_URL: mongoUrl, MYSQL_URL: mysqlUrl } = env;
  if (!mongoUrl || !mysqlUrl) throw new Error('MONGO_URL and MYSQL_URL must both be set');
  const options = parseMySqlUrl(mysqlUrl);
  const connection = connectMongo({ url: mongoUrl, log: createLog({ service: 'backup', level: 'error' }) });
  try {
    const mongo = await connection.database();
    const mysql = await createConnection({ ...options, supportBigNumbers: true, dateStrings: true });
    mysql.on('error', () => {}); // the statement that runs rejects
    return await work({ mongo, mysql }).finally(() => mysql.end());
  } finally {
    await connection.close();
  }
}
