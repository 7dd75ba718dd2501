import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteUserStore } from '@image-organizer/adapters/user-store/sqlite';
import { createHttpServer } from '@image-organizer/platform/http/http-server';
import { createLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { readAuthConfig } from '../src/config.ts';
import { createAuthService, type AuthServiceOptions } from '../src/service.ts';

/** Auth behind the real HTTP server, with cheap hashes, a clock that the test turns and a log that it can read. */
export async function startAuth(
  options: { env?: Record<string, string> } & Partial<AuthServiceOptions> = {},
) {
  const { env, ...overrides } = options;
  const folder = mkdtempSync(join(tmpdir(), 'auth-'));
  const users = createSqliteUserStore({ path: join(folder, 'users.sqlite') });
  const config = readAuthConfig({ BCRYPT_COST: '4', REGISTRATION: 'open', ...env });
  let now = new Date('2026-01-15T12:00:00.000Z');
  const logLines: string[] = [];
  const log = createLog({
    service: 'auth',
    level: 'trace',
    destination: { write: (line) => void logLines.push(line) },
  });
  const clock = { now: () => now };
  const publicUrl = () => 'https://images.example';
  const auth = createAuthService({ users, clock, log, config, publicUrl, ...overrides });
  const metrics = createMetrics({ service: 'auth', process: false });
  const http = createHttpServer({
    port: 0,
    host: '127.0.0.1',
    router: auth.router,
    log,
    metrics,
    waitingFor: () => [],
  });
  await auth.start();
  await http.start();
  return {
    auth,
    users,
    clock,
    logLines,
    url: http.url,
    passes: (ms: number) => void (now = new Date(now.getTime() + ms)),
    async stop() {
      await http.stop();
      await auth.stop();
      await users.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type RunningAuth = Awaited<ReturnType<typeof startAuth>>;
