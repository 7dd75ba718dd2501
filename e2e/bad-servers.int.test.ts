import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { onChannel } from '@image-organizer/testing/rabbitmq-harness';
import { until } from './support/client.ts';
import { startCluster, type Cluster, type Replica, type ServiceName } from './support/cluster.ts';
import { makeVhost, dropVhost, serversNamed } from './support/servers.ts';

const describeServers = serversNamed ? describe : describe.skip;
const secret = 'let-me-in-7';

describeServers('A service whose server is down, wrong, or holds something else', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({
      replicas: { ocr: 0, classifier: 0, organizer: 0, notification: 0, gateway: 0 },
    });
  }, 120_000);
  afterAll(() => cluster?.stop());

  const change = (variable: string, changes: Partial<URL>) =>
    Object.assign(new URL(cluster.environment[variable]!), changes).href;
  const readiness = async ({ url }: Replica) => {
    const answer = await fetch(`${url}/readyz`);
    const { waitingFor } = (await answer.json()) as { waitingFor: string[] };
    return { status: answer.status, words: waitingFor.join('; ') };
  };
  /** Starts the service with these settings, which keep it waiting; ends it in order after `test`. */
  async function waiting(
    service: ServiceName,
    env: Record<string, string>,
    test: (replica: Replica) => Promise<void>,
  ) {
    const replica = await cluster.start(service, { env, ready: false });
    try {
      await test(replica);
    } finally {
      await replica.kill('SIGTERM');
    }
    expect(replica.child.exitCode).toBe(0);
    return replica.output();
  }
  const says = (replica: Replica, words: RegExp) =>
    until(
      () => readiness(replica),
      (now) => words.test(now.words),
    ).then(({ status }) => expect(status).toBe(503));

  it.each([
    ['RabbitMQ', 'ocr', 'RABBITMQ_URL'],
    ['MongoDB', 'ocr', 'MONGO_URL'],
    ['MySQL', 'auth', 'MYSQL_URL'],
  ] as const)(
    'When %s is down at the start, then %s waits, is not ready, and says for what.',
    async (server, service, variable) => {
      const port = await closedPort();
      await waiting(service, { [variable]: change(variable, { port }) }, (replica) =>
        says(replica, new RegExp(`^${server} at \\S*127\\.0\\.0\\.1:${port}\\S* connection refused`)),
      );
    },
  );

  it.each([
    ['RabbitMQ', 'gateway', 'RABBITMQ_URL'],
    ['MySQL', 'auth', 'MYSQL_URL'],
  ] as const)(
    'When %s turns away each connection, then %s tries again after longer and longer pauses.',
    async (_server, service, variable) => {
      const arrivals: number[] = [];
      const listener = createServer((socket) => {
        arrivals.push(performance.now());
        socket.destroy();
      }).listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const port = String((listener.address() as AddressInfo).port);
      await waiting(service, { [variable]: change(variable, { port }) }, async () => {
        await until(
          async () => arrivals.length,
          (count) => count >= 9,
        );
      });
      listener.close();
      expect(arrivals[8]! - arrivals[4]!).toBeGreaterThan(arrivals[4]! - arrivals[0]!);
    },
  );

  it.each([
    ['password', 'RabbitMQ', 'ocr', 'RABBITMQ_URL', { password: secret }, /wrong user or password/],
    [
      'virtual host',
      'RabbitMQ',
      'ocr',
      'RABBITMQ_URL',
      { pathname: '/nowhere' },
      /virtual host does not exist/,
    ],
    ['password', 'MySQL', 'auth', 'MYSQL_URL', { password: secret }, /wrong user or password/],
    ['database', 'MySQL', 'auth', 'MYSQL_URL', { pathname: '/nowhere' }, /may not use the database/],
  ] as const)(
    'When the %s of %s is wrong, then %s says so, and nothing that it prints holds the password.',
    async (_what, server, service, variable, changes, words) => {
      const output = await waiting(service, { [variable]: change(variable, changes) }, async (replica) => {
        await says(replica, new RegExp(`^${server} at .*${words.source}`));
        expect((await readiness(replica)).words).not.toContain(secret);
      });
      expect(output).toMatch(words);
      expect(output).not.toContain(secret);
    },
  );

  it.each([
    ['ocr', 'RABBITMQ_URL', `http://guest:${secret}@127.0.0.1:5672`],
    ['ocr', 'RABBITMQ_URL', `amqp://guest:${secret}@127.0.0.1:port`],
    ['ocr', 'MONGO_URL', `http://me:${secret}@127.0.0.1/images`],
    ['ocr', 'MONGO_URL', `mongodb://me:${secret}@127.0.0.1/images?nonsense=1`],
    ['auth', 'MYSQL_URL', `postgres://auth:${secret}@127.0.0.1/auth`],
    ['auth', 'MYSQL_URL', `mysql://auth:${secret}@127.0.0.1/auth?nonsense=1`],
  ] as const)(
    'When %s is given a %s that is none, then it ends at once, names it, and does not quote it.',
    async (service, variable, url) => {
      const ended = await cluster.start(service, { env: { [variable]: url } }).then(
        (replica) => replica.kill().then(() => 'it went on'),
        (error: Error) => error.message,
      );
      expect(ended).toContain(variable);
      expect(ended).not.toContain(secret);
    },
  );

  it('When a queue exists with other arguments, then the service says which and how to mend it, is not ready, and is once it was mended.', async () => {
    const queue = 'ocr.image-uploaded';
    const vhost = `${cluster.vhost}-other`;
    const url = await makeVhost(vhost);
    await onChannel(url, (channel) => channel.assertQueue(queue, { durable: true }));
    await waiting('ocr', { RABBITMQ_URL: url }, async (replica) => {
      await says(
        replica,
        new RegExp(`queue ${queue} exists with other arguments .*run empty, then delete it`),
      );
      await onChannel(url, (channel) => channel.deleteQueue(queue));
      await until(
        () => readiness(replica),
        ({ status }) => status === 200,
      );
    });
    await dropVhost(vhost);
  });
});

/** A port on which nothing listens. */
async function closedPort(): Promise<string> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return String(port);
}
