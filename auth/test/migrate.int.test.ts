import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ownMySqlTables } from '@image-organizer/testing/mysql-tables';
import { createTcpProxy } from '@image-organizer/testing/tcp-proxy';
import { until } from '@image-organizer/testing/until';

const url = process.env['MYSQL_URL'] ?? '';
const describeServer = url ? describe : describe.skip;

describeServer('migrate as a process of its own', () => {
  let tables: Awaited<ReturnType<typeof ownMySqlTables>>;
  beforeAll(async () => {
    tables = await ownMySqlTables(url);
  }, 90_000);
  afterAll(() => tables.release());

  const start = (mysqlUrl: string) => {
    const env = { MYSQL_URL: mysqlUrl };
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src/migrate.ts')], { env });
    let said = '';
    child.stderr.on('data', (data) => (said += String(data)));
    return { said: () => said, exit: once(child, 'exit') };
  };
  const versions = () => tables.query('SELECT name, version FROM schema_migrations ORDER BY name');

  it('When the database is empty, then the schema is made and it ends with 0, also the second time', async () => {
    const first = start(url);
    expect(await first.exit).toEqual([0, null]);
    const made = await versions();
    expect(made).toEqual([
      { name: 'login_limits', version: expect.any(Number) },
      { name: 'users', version: expect.any(Number) },
    ]);
    expect(await start(url).exit).toEqual([0, null]);
    expect(await versions()).toEqual(made);
  });

  it('When MySQL is down, then it waits and goes on by itself', async () => {
    await tables.drop();
    const target = new URL(url);
    const proxy = await createTcpProxy({ host: target.hostname, port: Number(target.port || 3306) });
    proxy.cut();
    target.host = `127.0.0.1:${proxy.port}`;
    const { said, exit } = start(target.href);
    await until(() => said().includes(`MySQL at 127.0.0.1:${proxy.port}`));
    proxy.restore();
    expect(await exit).toEqual([0, null]);
    expect(await versions()).toHaveLength(2);
    await proxy.close();
  });
});
