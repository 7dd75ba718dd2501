import { ConfigError, readTogether } from '@image-organizer/platform/config';
import { createHttpServer } from '@image-organizer/platform/http/http-server';
import { runUntilSignal } from '@image-organizer/platform/lifecycle';
import { createLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { startTracing } from '@image-organizer/platform/tracing';
import { readProcessConfig } from './config.ts';
import { connectServers, type Servers } from './connect-servers.ts';

/**
 * The body of a service's main.ts: settings, servers, HTTP (health, metrics and the service's routes), the service, until
 * SIGTERM. Wrong settings end it with their list and code 1; a server that is down is waited for, not ready.
 */
export async function runService<Config>(
  name: string,
  readOwnConfig: () => Config,
  create: (servers: Servers, config: Config) => Service,
): Promise<void> {
  const config = readOrExit({ process: readProcessConfig, own: readOwnConfig });
  const log = createLog({ service: name, level: config.process.logLevel });
  const tracing = await startTracing({ service: name, log, ...config.process.tracing });
  const metrics = createMetrics({ service: name, exemplars: tracing.on });
  const servers = connectServers(config.process, { log, metrics });
  const service = create(servers, config.own);
  const http = createHttpServer({
    port: config.process.port,
    metricsPort: config.process.metricsPort,
    trustProxy: config.process.trustProxy,
    ...(service.router ? { router: service.router } : {}),
    log,
    metrics,
    waitingFor: () => [...servers.waitingFor(), ...(service.waitingFor?.() ?? [])],
  });
  await runUntilSignal(
    {
      name,
      async start() {
        await http.start();
        await servers.relay.start();
        await service.start();
      },
      async stop() {
        await http.stop(); // no longer ready; requests in flight are answered
        await service.stop();
        await servers.relay.stop();
        await servers.close();
        await tracing.stop();
      },
    },
    log,
    config.process.stopGraceMs,
  );
}

function readOrExit<Readers extends Record<string, () => unknown>>(readers: Readers) {
  try {
    return readTogether(readers);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}
