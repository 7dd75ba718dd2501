import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { ownMySqlTables } from '@image-organizer/testing/mysql-tables';
import { createTcpProxy } from '@image-organizer/testing/tcp-proxy';
import { until } from '@image-organizer/testing/until';
import request from 'supertest';

const url = process.env['MYSQL_URL'] ?? '';
const describeServer = url ? describe : describe.skip;

describeServer('auth as a process of its own on MySQL', () => {
  let tables: Awaited<ReturnType<typeof ownMySqlTables>>;
  beforeAll(async () => {
    tables = await ownMySqlTables(url);
  }, 90_000);
  afterAll(() => tables.release());

  /** Runs main.ts; resolves once it listens. */
  const start = async (mysqlUrl: string) => {
    const env = {
      MYSQL_URL: mysqlUrl,
      PORT: '0',
      BCRYPT_COST: '4',
      ADMIN_EMAIL: 'ada@example.com',
      ADMIN_PASSWORD: 'correct horse',
    };
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], { env });
    const [exit, stderr] = [once(child, 'exit'), text(child.stderr)];
    for await (const line of createInterface({ input: child.stderr })) {
      const { url: at } = JSON.parse(line) as { url?: string };
      if (at) return { at, child, exit, stderr };
    }
    throw new Error(`ended before it listened: ${await stderr}`);
  };

  it('When MySQL is down at the start, then it says so, login is a clean 503, and all comes right by itself', async () => {
    const target = new URL(url);
    const proxy = await createTcpProxy({ host: target.hostname, port: Number(target.port || 3306) });
    proxy.cut();
    target.host = `127.0.0.1:${proxy.port}`;
    const { at, child, exit, stderr } = await start(target.href);
    const logIn = () => request(at).post('/login').auth('ada@example.com', 'correct horse');
    try {
      const { body } = await request(at).get('/readyz').expect(503);
      expect(body.waitingFor).toEqual([expect.stringContaining(`MySQL at 127.0.0.1:${proxy.port}`)]);
      const refused = await logIn().expect(503).expect('Retry-After', '5');
      expect(refused.body).toMatchObject({ status: 503, code: 'ACCOUNTS_UNAVAILABLE' });
      expect(JSON.stringify(refused.body)).not.toContain('127.0.0.1');

      proxy.restore();
      await until(async () => (await request(at).get('/readyz')).status === 200);
      await logIn().expect(200);
      proxy.cut();
      await until(async () => (await request(at).get('/readyz')).status === 503);
      proxy.restore();
      await until(async () => (await request(at).get('/readyz')).status === 200);
      await logIn().expect(200);
    } finally {
      child.kill('SIGTERM');
      const [code] = (await exit) as [number | null];
      expect(code).toBe(0);
      await proxy.close();
    }
    expect(await stderr).not.toContain(`:${target.password}@`);
  });
});
