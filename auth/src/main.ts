import { join } from 'node:path';
import { createSqliteUserStore } from '@image-organizer/adapters/user-store/sqlite';
import { systemClock } from '@image-organizer/platform/clock';
import { createHttpServer } from '@image-organizer/platform/http/http-server';
import { runUntilSignal } from '@image-organizer/platform/lifecycle';
import { createLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { combineServices } from '@image-organizer/platform/service';
import { readAuthConfig } from './config.ts';
import { createAuthService } from './service.ts';

const config = readAuthConfig();
const log = createLog({ service: 'auth', level: config.logLevel });
const users = createSqliteUserStore({ path: join(config.dataDir, 'users.sqlite') });
const auth = createAuthService({ users, clock: systemClock, log, config });
const metrics = createMetrics({ service: 'auth' });
const http = createHttpServer({
  port: config.port,
  router: auth.router,
  log,
  metrics,
  waitingFor: () => users.waitingFor(),
});

const server = {
  name: 'http',
  async start() {
    const { email, madePassword } = auth.firstAccount; // auth has started before
    if (madePassword)
      process.stdout.write(`First account, shown this once: ${email} with password ${madePassword}\n`);
    await http.start();
  },
  stop: () => http.stop(),
};
await runUntilSignal(combineServices('auth', [auth, server]), log);
await users.close();
