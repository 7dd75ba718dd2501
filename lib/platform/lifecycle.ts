import type { Log } from './log.ts';
import type { Service } from './service.ts';

/**
 * Starts the service and resolves once SIGTERM or SIGINT has stopped it. A second signal ends the process at once.
 * @param graceMs after which a stop that hangs ends the process with code 1
 */
export async function runUntilSignal(service: Service, log: Log, graceMs = 30_000): Promise<void> {
  await service.start();
  log.info('started');
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name));
  });
  log.info({ signal }, 'stopping');
  process.once('SIGINT', () => process.exit(130));
  setTimeout(() => {
    log.error({ graceMs }, 'the stop did not finish in time');
    process.exit(1);
  }, graceMs).unref();
  await service.stop();
  log.info('stopped');
}
