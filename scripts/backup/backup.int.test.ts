import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decimal128, Double, Int32, Long } from 'mongodb';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { makeDatabases, type Databases } from '../../e2e/support/own-databases.ts';
import { backUpMongo, isEmptyMongo, restoreMongo } from './mongo.ts';
import { backUpMySql, emptyMySql, isEmptyMySql, restoreMySql } from './mysql.ts';
import { verifyPart } from './parts.ts';
import { withStores, type Stores } from './stores.ts';

const describeServers = process.env['MONGO_URL'] && process.env['MYSQL_URL'] ? describe : describe.skip;

describeServers('Backing up and restoring collections and tables', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backup-'));
  const newDirectory = () => mkdtempSync(join(folder, 'backup-'));
  let from: Databases;
  let to: Databases;
  beforeAll(async () => {
    [from, to] = [await makeDatabases(), await makeDatabases()];
  });
  afterAll(async () => {
    await Promise.all([from?.drop(), to?.drop()]);
    rmSync(folder, { recursive: true });
  });
  const inBoth = (work: (source: Stores, target: Stores) => Promise<void>) =>
    withStores(from.env, (source) => withStores(to.env, (target) => work(source, target)));

  it('When a collection has many pages, of every type, with indexes, then all comes back as it was', () =>
    inBoth(async ({ mongo }, target) => {
      const facts = {
        whole: new Int32(3),
        real: new Double(3),
        long: Long.MAX_VALUE,
        exact: Decimal128.fromString('0.10'),
        none: null,
        at: new Date(0),
        bytes: randomBytes(9),
        nested: [{ a: ['ä', '€', '😀'] }],
      };
      const documents = Array.from({ length: 2_345 }, (_, n) => ({ _id: `${n}` as never, n, ...facts }));
      await mongo.collection('things').insertMany(documents);
      await mongo
        .collection('things')
        .createIndex({ n: 1 }, { unique: true, name: 'by_n', partialFilterExpression: { n: { $gt: 5 } } });
      const chunks = Array.from({ length: 70 }, (_, n) => ({ n, data: randomBytes(255 * 1024) }));
      await mongo.collection('images.chunks').insertMany(chunks);
      await mongo.collection('images.blobs').insertOne({ _id: 'blob' as never });

      const directory = newDirectory();
      const parts = await backUpMongo(mongo, directory);
      expect(parts.map(({ name, count }) => [name, count])).toEqual([
        ['things', 2_345],
        ['images.blobs', 1],
        ['images.chunks', 70],
      ]);
      expect(await isEmptyMongo(target.mongo)).toBe(true);
      for (const part of parts) {
        await verifyPart(directory, part);
        await restoreMongo(target.mongo, directory, part);
      }
      expect(await backUpMongo(target.mongo, newDirectory())).toEqual(parts);
      expect(parts[0]!.indexes).toEqual([
        expect.objectContaining({ name: 'by_n', unique: true, partialFilterExpression: { n: { $gt: 5 } } }),
      ]);
    }));

  it('When a table has many pages and foreign keys, then all comes back as it was', () =>
    inBoth(async ({ mysql }, target) => {
      await mysql.query(
        'CREATE TABLE z_users (id VARCHAR(20) PRIMARY KEY, email VARCHAR(99), big BIGINT, none INT)',
      );
      await mysql.query(
        'CREATE TABLE a_tokens (hash INT PRIMARY KEY, user VARCHAR(20), FOREIGN KEY (user) REFERENCES z_users (id))',
      );
      const users = Array.from({ length: 1_234 }, (_, n) => [
        `u${n}`,
        `"ä'\\\n😀${n}`,
        '9007199254740993',
        null,
      ]);
      await mysql.query('INSERT INTO z_users VALUES ?', [users]);
      await mysql.query('INSERT INTO a_tokens VALUES ?', [users.map(([id], n) => [n, id])]);

      const directory = newDirectory();
      const parts = await backUpMySql(mysql, directory);
      expect(parts.map(({ name, count }) => [name, count])).toEqual([
        ['a_tokens', 1_234],
        ['z_users', 1_234],
      ]);
      for (const part of parts) await restoreMySql(target.mysql, directory, part);
      const read = async (connection: Connection) =>
        (await connection.query<RowDataPacket[]>('SELECT *, CAST(big AS CHAR) FROM z_users ORDER BY id'))[0];
      expect(await read(target.mysql)).toEqual(await read(mysql));
      const again = await backUpMySql(target.mysql, newDirectory());
      expect(again.map(({ sha256 }) => sha256)).toEqual(parts.map(({ sha256 }) => sha256));
      await emptyMySql(target.mysql);
      expect(await isEmptyMySql(target.mysql)).toBe(true);
    }));
});
