/**
 * Restores what backup.ts wrote. Everything is verified before the first write. A restore that was interrupted is begun
 * again with --force, which deletes what is in the two databases.
 *
 *   MONGO_URL=… MYSQL_URL=… node scripts/restore.ts DIRECTORY [--force]     with the services stopped
 */
import { parseArgs } from 'node:util';
import { messageOf } from '@image-organizer/platform/errors';
import { readManifest } from './backup/manifest.ts';
import { emptyMongo, isEmptyMongo, restoreMongo } from './backup/mongo.ts';
import { emptyMySql, isEmptyMySql, restoreMySql } from './backup/mysql.ts';
import { verifyPart } from './backup/parts.ts';
import { withStores } from './backup/stores.ts';

const { values, positionals } = parseArgs({
  options: { force: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [directory] = positionals;
if (directory === undefined || positionals.length > 1) {
  console.error('usage: MONGO_URL=… MYSQL_URL=… node scripts/restore.ts DIRECTORY [--force]');
  process.exit(2);
}

try {
  const manifest = await readManifest(directory);
  for (const part of [...manifest.mongo, ...manifest.mysql]) await verifyPart(directory, part);
  await withStores(process.env, async ({ mongo, mysql }) => {
    if (values.force) {
      await emptyMongo(mongo);
      await emptyMySql(mysql);
    }
    if (!(await isEmptyMongo(mongo)) || !(await isEmptyMySql(mysql)))
      throw new Error(
        'there is data already: restore into empty databases, or with --force delete what is there',
      );
    for (const table of manifest.mysql) await restoreMySql(mysql, directory, table);
    for (const collection of manifest.mongo) await restoreMongo(mongo, directory, collection);
  });
  console.log(`restored the backup of ${manifest.takenAt}`);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
