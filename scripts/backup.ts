/**
 * Backs up MongoDB (catalogue and blobs) and MySQL (accounts, keys) while the services run. What order that is done in,
 * and why, is said in backup/mongo.ts; RabbitMQ needs none, the sweeper makes its messages again.
 *
 *   MONGO_URL=… MYSQL_URL=… node scripts/backup.ts DIRECTORY     a directory that is absent or empty
 */
import { mkdir, readdir } from 'node:fs/promises';
import { messageOf } from '@image-organizer/platform/errors';
import { writeManifest, type Part } from './backup/manifest.ts';
import { backUpMongo } from './backup/mongo.ts';
import { backUpMySql } from './backup/mysql.ts';
import { withStores } from './backup/stores.ts';

const [directory, ...others] = process.argv.slice(2);
if (directory === undefined || others.length) {
  console.error('usage: MONGO_URL=… MYSQL_URL=… node scripts/backup.ts DIRECTORY');
  process.exit(2);
}

try {
  await mkdir(directory, { recursive: true, mode: 0o700 }); // it has keys and people's texts
  if ((await readdir(directory)).length) throw new Error(`${directory} is not empty`);
  const takenAt = new Date().toISOString();
  const parts = await withStores(process.env, async (stores) => ({
    mongo: await backUpMongo(stores.mongo, directory),
    mysql: await backUpMySql(stores.mysql, directory), // last: every owner of an image is among the users
  }));
  await writeManifest(directory, { format: 1, takenAt, ...parts });
  for (const { name, count, bytes } of [...parts.mongo, ...parts.mysql] satisfies Part[])
    console.log(`${name}: ${count}, ${bytes} bytes`);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
