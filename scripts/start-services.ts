/**
 * One process of each service against the servers that the `*_URL`s name, restarted when one ends, until Ctrl-C.
 * `scripts/scale.sh ocr 3` makes it three of one.
 *
 *   npm run start:services
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadSecrets } from '../standalone/src/secrets.ts';

const services = ['auth', 'ocr', 'classifier', 'organizer', 'notification', 'importer', 'gateway'] as const;
type ServiceName = (typeof services)[number];

const root = join(import.meta.dirname, '..');
const dataDirectory = resolve(process.env['DATA_DIR'] ?? join(root, 'data'));
const replicasDirectory = join(dataDirectory, 'replicas');
const port = process.env['PORT'] ?? '8080';
const authPort = process.env['AUTH_PORT'] ?? '8081';

for (const name of ['RABBITMQ_URL', 'MONGO_URL', 'MYSQL_URL']) {
  if (process.env[name]) continue;
  console.error(
    `${name} is not set: docker compose -f docker/compose.yaml up -d rabbitmq mongo mysql mailpit starts the servers; see docs/operations.md`,
  );
  process.exit(1);
}

rmSync(replicasDirectory, { recursive: true, force: true });
mkdirSync(replicasDirectory, { recursive: true });
for (const service of services) writeFileSync(join(replicasDirectory, service), '1\n');

const environment = {
  ...process.env,
  LINK_SECRET: process.env['LINK_SECRET'] ?? loadSecrets(dataDirectory).linkSecret,
  AUTH_URL: `http://127.0.0.1:${authPort}`,
  PUBLIC_URL: process.env['PUBLIC_URL'] ?? `http://localhost:${port}`,
  DATA_DIR: dataDirectory,
};
/** The gateway and auth have addresses; replicas and workers take any free port. */
const portOf = (service: ServiceName, replica: number) =>
  replica > 0 ? '0' : service === 'gateway' ? port : service === 'auth' ? authPort : '0';

const running = new Map<ServiceName, ChildProcess[]>(services.map((service) => [service, []]));
let stopping = false;

function startReplica(service: ServiceName): void {
  const replicas = running.get(service)!;
  const child = spawn(process.execPath, [join(root, service, 'src/main.ts')], {
    env: { ...environment, PORT: portOf(service, replicas.length) },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true, // Ctrl-C reaches this process alone, which then stops them in order
  });
  replicas.push(child);
  console.log(`${service}: started, process ${child.pid}`);
  child.once('exit', (code, signal) => {
    const index = replicas.indexOf(child);
    if (index !== -1) replicas.splice(index, 1);
    if (!stopping && index !== -1)
      console.log(`${service}: process ${child.pid} ended (${signal ?? code}), will be started again`);
  });
}

/** What scripts/scale.sh wrote. */
function wantedReplicas(service: ServiceName): number {
  const wanted = Number(readFileSync(join(replicasDirectory, service), 'utf8'));
  return Number.isInteger(wanted) && wanted >= 0 && wanted <= 64 ? wanted : running.get(service)!.length;
}

function reconcile(): void {
  for (const service of services) {
    const replicas = running.get(service)!;
    const wanted = wantedReplicas(service);
    while (replicas.length < wanted) startReplica(service);
    for (const surplus of replicas.splice(wanted)) surplus.kill('SIGTERM');
  }
}

async function stopAll(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(timer);
  for (const service of services.toReversed()) {
    const replicas = running.get(service)!;
    const ended = replicas.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of replicas) child.kill('SIGTERM');
    await Promise.all(ended);
  }
  process.exit(0);
}

const timer = setInterval(reconcile, 1_000);
reconcile();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stopAll());
