import { systemClock } from '@image-organizer/platform/clock';
import { createHttpServer } from '@image-organizer/platform/http/http-server';
import { runUntilSignal } from '@image-organizer/platform/lifecycle';
import { createLog } from '@image-organizer/platform/log';
import { createMetrics, registerServers } from '@image-organizer/platform/metrics';
import { startTracing } from '@image-organizer/platform/tracing';
import { connect } from './adapters/connect.ts';
import { connectMail } from './adapters/connect-mail.ts';
import { readAuthConfig } from './config.ts';
import { createAuthService } from './service.ts';

const config = readAuthConfig();
const log = createLog({ service: 'auth', level: config.logLevel });
const { users, limiter, close } = connect(config, log);
const mailer = connectMail(config, log);
const tracing = await startTracing({ service: 'auth', log, ...config.tracing });
const metrics = createMetrics({ service: 'auth', exemplars: tracing.on });
if (config.users.kind === 'mysql') registerServers(metrics, { mysql: () => users.waitingFor() });
const auth = createAuthService({
  ...{ users, limiter, mailer, clock: systemClock, log, metrics, config },
  publicUrl: () => config.publicUrl,
});
const http = createHttpServer({
  port: config.port,
  metricsPort: config.metricsPort,
  router: auth.router,
  log,
  metrics,
  waitingFor: auth.waitingFor,
});

const service = {
  name: 'auth',
  async start() {
    await http.start(); // before auth has started: while it waits for its database, /readyz says so
    await auth.start();
    const { email, madePassword } = auth.firstAccount;
    if (madePassword)
      process.stdout.write(`First account, shown this once: ${email} with password ${madePassword}\n`);
  },
  async stop() {
    await http.stop();
    await auth.stop();
  },
};
await runUntilSignal(service, log);
await close();
await mailer?.close();
await tracing.stop();
