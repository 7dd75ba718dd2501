import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import request from 'supertest';

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

describe('auth as a process of its own', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'auth-main-'));
  afterAll(() => rmSync(dataDir, { recursive: true }));

  /** Runs main.ts until `use` is done, then SIGTERM. @returns what it wrote and how it ended */
  const runMain = async (use: (url: string) => Promise<void>) => {
    const port = await freePort();
    const env = { DATA_DIR: dataDir, PORT: String(port), BCRYPT_COST: '4' };
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], { env });
    const [exit, stdout, stderr] = [once(child, 'exit'), text(child.stdout), text(child.stderr)];
    const started = (async () => {
      for await (const line of createInterface({ input: child.stderr }))
        if (line.includes('"msg":"started"')) return;
      throw new Error(`ended before it had started: ${await stderr}`);
    })();
    try {
      await started;
      await use(`http://127.0.0.1:${port}`);
    } finally {
      child.kill('SIGTERM');
    }
    const [code] = (await exit) as [number | null];
    return { code, stdout: await stdout, stderr: await stderr };
  };

  it('When it starts for the first time, then it prints an account that can log in, once, and stops on SIGTERM', async () => {
    const first = await runMain(async (url) => void (await request(url).get('/readyz').expect(200)));
    const [, email, password] = /: (\S+) with password (\S+)\n$/.exec(first.stdout)!;
    expect(first.stderr).not.toContain(password);
    expect(first.code).toBe(0);

    const second = await runMain(
      async (url) => void (await request(url).post('/login').auth(email!, password!).expect(200)),
    );
    expect(second).toMatchObject({ code: 0, stdout: '' });
  });
});
