import { randomUUID } from 'node:crypto';
import { createGridFsBlobStore } from '@image-organizer/adapters/blob-store/gridfs';
import { createMongoCatalog } from '@image-organizer/adapters/catalog/mongo';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { silentLog } from '@image-organizer/platform/log';
import { createConnection } from 'mysql2/promise';

export type Target = Record<'MONGO_URL' | 'MYSQL_URL', string>;

/** A database of its own on each server. MySQL's is made by the administrator: root without a password, as servers.sh has it. */
export async function makeDatabases() {
  const name = `restore-${randomUUID().slice(0, 8)}`;
  const at = (url: string, changes: Partial<URL>) =>
    Object.assign(new URL(url), { pathname: `/${name}`, ...changes }).href;
  const env: Target = {
    MONGO_URL: at(process.env['MONGO_URL']!, {}),
    MYSQL_URL: at(process.env['MYSQL_ADMIN_URL'] ?? process.env['MYSQL_URL']!, {
      ...(process.env['MYSQL_ADMIN_URL'] ? {} : { username: 'root', password: '' }),
    }),
  };
  const mysql = await createConnection(env.MYSQL_URL.replace(`/${name}`, '/mysql'));
  await mysql.query('CREATE DATABASE ??', [name]);
  const connection = connectMongo({ url: env.MONGO_URL, log: silentLog() });
  const stores = {
    catalog: createMongoCatalog({ connection }),
    blobs: createGridFsBlobStore({ connection }),
  };
  return {
    env,
    stores,
    async drop() {
      await (await connection.database()).dropDatabase();
      await mysql.query('DROP DATABASE ??', [name]);
      await Promise.all([stores.catalog.close(), stores.blobs.close(), connection.close(), mysql.end()]);
    },
  };
}
export type Databases = Awaited<ReturnType<typeof makeDatabases>>;
