import type { Log } from './log.ts';
import type { Service } from './service.ts';

/**
 * Starts the service and resolves once SIGTERM or SIGINT has stopped it. A second signal ends the process at once.
 * @param graceMs after which a stop that hangs ends the process with code 1
 */
export async function runUntilSignal(service: Service, log: Log, graceMs = 30_000): Promise<void> {
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name));
  });
  const started = service.start().then(() => log.info('started'));
  const signal = await Promise.race([signalled, started.then(() => signalled)]); // also while the start still waits
  log.info({ signal }, 'stopping');
  process.once('SIGINT', () => process.exit(130));
  setTimeout(() => {
    log.error({ graceMs }, 'the stop did not finish in time');
    process.exit(1);
  }, graceMs).unref();
  await service.stop();
  log.info('stopped');
}
