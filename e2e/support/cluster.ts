import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGridFsBlobStore } from '@image-organizer/adapters/blob-store/gridfs';
import { createMongoCatalog } from '@image-organizer/adapters/catalog/mongo';
import { createRabbitMqBus } from '@image-organizer/adapters/message-bus/rabbitmq';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { silentLog } from '@image-organizer/platform/log';
import { startSmtpServer } from '@image-organizer/testing/smtp-server';
import { createTcpProxy, type TcpProxy } from '@image-organizer/testing/tcp-proxy';
import { startBalancer } from './balancer.ts';
import { login, until, type Client } from './client.ts';
import { inspectStores } from './oracle.ts';
import { account } from './server-process.ts';
import { dropVhost, makeVhost } from './servers.ts';

const root = join(import.meta.dirname, '..', '..');
export const serviceNames = [
  'auth',
  'ocr',
  'classifier',
  'organizer',
  'notification',
  'importer',
  'gateway',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/** One process of a service. */
export interface Replica {
  readonly service: ServiceName;
  readonly child: ChildProcess;
  /** Where it answers /readyz, /metrics and, for the gateway, everything. */
  readonly url: string;
  output(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

const retryDelays = [1, 2, 3];

export interface ClusterOptions {
  env?: Record<string, string>;
  /** Processes per service; 1 where it is not said. There is always one auth. */
  replicas?: Partial<Record<ServiceName, number>>;
  /** Services reach every server through a proxy, so that a test can cut their connections. */
  proxied?: boolean;
}

/**
 * Every service in processes of their own against the real servers, with a virtual host, a database and an SMTP server of
 * its own, the gateways behind a balancer. Leases, retries and sweeps are seconds, so that a test waits for no minute.
 */
export async function startCluster(options: ClusterOptions = {}) {
  const name = `e2e-${randomUUID().slice(0, 8)}`;
  const directory = await mkdtemp(join(tmpdir(), `${name}-`));
  const rabbitMqUrl = await makeVhost(name);
  const mongoUrl = Object.assign(new URL(process.env['MONGO_URL']!), { pathname: `/${name}` }).href;
  const smtp = await startSmtpServer();
  const log = silentLog();
  const connection = connectMongo({ url: mongoUrl, log });
  const catalog = createMongoCatalog({ connection });
  const blobs = createGridFsBlobStore({ connection });
  const bus = createRabbitMqBus({
    url: rabbitMqUrl,
    log,
    retryDelaysMs: retryDelays.map((seconds) => seconds * 1000),
  });
  const replicas: Replica[] = [];
  const of = (service: ServiceName) => replicas.filter((replica) => replica.service === service);
  const balancer = await startBalancer(() => of('gateway').map(({ url }) => url));
  const proxies: TcpProxy[] = [];
  const reached = async (url: string) => (options.proxied ? throughProxy(url, proxies) : url);
  const environment: Record<string, string> = {
    PATH: process.env['PATH']!,
    RABBITMQ_URL: await reached(rabbitMqUrl),
    MONGO_URL: await reached(mongoUrl),
    MYSQL_URL: await reached(process.env['MYSQL_URL']!),
    SMTP_URL: smtp.url,
    LINK_SECRET: 'l'.repeat(32),
    PUBLIC_URL: balancer.url,
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    BCRYPT_COST: '4',
    OCR_WORKERS: '2',
    LEASE_SECONDS: '3',
    SWEEP_SECONDS: '1',
    STUCK_AFTER_SECONDS: '10',
    UPLOAD_GRACE_SECONDS: '5',
    RETRY_DELAYS_SECONDS: retryDelays.join(','),
    RATE_LIMIT_PER_MINUTE: '0', // tests and benchmarks press on
    RATE_LIMIT_PER_ADDRESS: '0',
    LOG_LEVEL: 'info',
    DATA_DIR: directory,
    ...options.env,
  };

  /** Starts one more process of the service; resolves once it is ready, or merely listens. */
  async function start(
    service: ServiceName,
    {
      env = {},
      crashAt,
      ready = true,
    }: { env?: Record<string, string>; crashAt?: string; ready?: boolean } = {},
  ): Promise<Replica> {
    const hook = crashAt ? ['--import', join(import.meta.dirname, 'crash-hook.ts')] : [];
    const child = spawn(join(root, 'node_modules/.bin/node'), [...hook, join(root, service, 'src/main.ts')], {
      env: {
        ...environment,
        ...env,
        PORT: '0',
        ...(crashAt
          ? { CRASH_AT: crashAt, CRASH_MARK: join(directory, crashAt.replaceAll(/\W/g, '-')) }
          : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const exited = once(child, 'exit');
    const url = await new Promise<string>((resolve, reject) => {
      const take = (chunk: Buffer) => {
        output += chunk.toString();
        const listening = /"url":"(http:[^"]+)"/.exec(output);
        if (listening) resolve(listening[1]!);
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      void exited.then(() => reject(new Error(`${service} ended before it listened:\n${output}`)));
    });
    const replica: Replica = {
      service,
      child,
      url,
      output: () => output,
      async kill(signal = 'SIGKILL') {
        child.kill(signal);
        await exited;
      },
    };
    replicas.push(replica);
    void exited.then(() => replicas.splice(replicas.indexOf(replica), 1));
    if (ready)
      await until(
        async () => (await fetch(`${url}/readyz`)).status,
        (status) => status === 200,
      );
    return replica;
  }

  const auth = await start('auth');
  environment['AUTH_URL'] = auth.url;
  const wanted = serviceNames
    .slice(1)
    .flatMap((service) => Array.from({ length: options.replicas?.[service] ?? 1 }, () => service));
  await Promise.all(wanted.map((service) => start(service)));

  const cluster = {
    catalog,
    blobs,
    bus,
    smtp,
    /** RabbitMQ's virtual host. */
    vhost: name,
    /** Of the balancer. */
    url: balancer.url,
    environment,
    /** To RabbitMQ, MongoDB and MySQL, when it was started with `proxied`. */
    proxies,
    start,
    of,
    one: (service: ServiceName) => of(service)[0]!,
    client: async (): Promise<Client> => login(balancer.url),
    /** Waits until every batch is completed and nothing is left to publish, to sweep or to send, then looks at everything. */
    async drained(batchIds: string[], imageIds: string[]) {
      const client = await cluster.client();
      for (const batchId of new Set(batchIds)) await client.completed(batchId);
      return until(
        async () => ({
          ...(await inspectStores({ catalog, blobs }, imageIds)),
          mails: new Set((await smtp.inbox()).map(({ messageId }) => messageId)).size,
          deadLetters: (await bus.deadLetters(1_000)).length,
        }),
        (found) =>
          found.outbox === 0 &&
          found.openUploads === 0 &&
          found.orphanBlobs.length === 0 &&
          found.mails >= new Set(batchIds).size,
      );
    },
    /** Ends every process by SIGTERM. @returns the exit codes */
    async terminate() {
      const all = [...replicas];
      await Promise.all(all.map((replica) => replica.kill('SIGTERM')));
      return all.map(({ child }) => child.exitCode);
    },
    async stop() {
      await Promise.all(replicas.map((replica) => replica.kill('SIGKILL')));
      await Promise.all([balancer, ...proxies].map((each) => each.close()));
      await (await connection.database()).dropDatabase().catch(() => undefined);
      await bus.close();
      await Promise.all([catalog.close(), blobs.close(), connection.close(), smtp.stop()]);
      await dropVhost(name);
      await rm(directory, { recursive: true, force: true });
    },
  };
  return cluster;
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** @returns the URL of the same server behind a new proxy, which is added to `proxies` */
async function throughProxy(url: string, proxies: TcpProxy[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const proxy = await createTcpProxy({ host: hostname, port: Number(port) });
  proxies.push(proxy);
  return Object.assign(new URL(url), { host: `${proxy.host}:${proxy.port}` }).href;
}
