import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, ServiceName } from '../../support/cluster.ts';
import { servers, type ServerName } from '../../support/servers.ts';

const services: ServiceName[] = ['ocr', 'classifier', 'organizer', 'notification', 'importer', 'gateway'];
const serverNames: ServerName[] = ['rabbitmq', 'mongo', 'mysql'];
/** Longer than the lease of a claim (cluster.ts). */
const sleepMs = 5_000;

const oneOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

/**
 * Faults that do not wait for each other. At most one server is down at a time, and of each service, which must have two
 * processes, at most one process is dead or asleep.
 */
export function createRandomFaults(cluster: Cluster) {
  const busy = new Set<'a server' | ServiceName>();
  const happened: Record<string, number> = {};
  const mending: Promise<unknown>[] = [];

  const replace = (signal: NodeJS.Signals) => async (service: ServiceName) => {
    await oneOf(cluster.of(service)).kill(signal);
    await cluster.start(service, { ready: false });
  };
  async function sleep(service: ServiceName) {
    const { child } = oneOf(cluster.of(service));
    child.kill('SIGSTOP');
    await delay(sleepMs);
    child.kill('SIGCONT');
  }
  async function restart(server: ServerName) {
    await servers.kill(server);
    await servers.start(server);
  }

  /** Every fault that may begin now: what it is called, what it keeps busy, and how it happens and is mended. */
  function possible() {
    const free = services.filter((service) => !busy.has(service));
    const inAService = [
      ['process killed', replace('SIGKILL')],
      ['process replaced', replace('SIGTERM')],
      ['process asleep', sleep],
    ] as const;
    const server = oneOf(serverNames);
    return [
      { name: 'connections cut', run: async () => oneOf(cluster.proxies).reset() },
      ...(busy.has('a server')
        ? []
        : [{ name: `${server} killed`, of: 'a server' as const, run: () => restart(server) }]),
      ...(free.length ? inAService : []).map(([name, fault]) => {
        const service = oneOf(free);
        return { name, of: service, run: () => fault(service) };
      }),
    ];
  }

  return {
    /** Begins one, which may last longer than the call. */
    begin() {
      const fault: { name: string; of?: ServiceName | 'a server'; run: () => Promise<void> } =
        oneOf(possible());
      happened[fault.name] = (happened[fault.name] ?? 0) + 1;
      if (fault.of) busy.add(fault.of);
      const mended = fault.run().finally(() => fault.of && busy.delete(fault.of));
      mended.catch(() => {}); // `mended` tells it
      mending.push(mended);
    },
    /** Resolves when all that began is mended. @throws what could not be mended */
    mended: () => Promise.all(mending),
    /** How often each. */
    happened: () => happened,
  };
}
