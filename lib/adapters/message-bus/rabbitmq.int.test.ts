import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { imageUploaded } from '@image-organizer/contracts/events/image-uploaded';
import type { QueueDefinition } from '@image-organizer/contracts/topology';
import { silentLog } from '@image-organizer/platform/log';
import { describeMessageBus } from '@image-organizer/testing/describe-message-bus';
import { makeRabbitMqHarness, until, type RabbitMqHarness } from '@image-organizer/testing/rabbitmq-harness';
import { createTcpProxy, type TcpProxy } from '@image-organizer/testing/tcp-proxy';
import { UnroutableMessageError, type DeliveryHandler, type OutgoingMessage } from './message-bus.ts';
import { createRabbitMqBus } from './rabbitmq.ts';

const url = process.env.RABBITMQ_URL ?? '';
const describeServer = url ? describe : describe.skip;
/** Where it is, a test may kill the server and start it again. */
const tool = process.env.SERVERS_TOOL ?? '/work/shared/servers/servers.sh';
const describeKill = url && existsSync(tool) ? describe : describe.skip;
const server = (...command: string[]) => execFileSync(tool, command, { stdio: 'ignore' });

const queue: QueueDefinition = { name: 'worker.image-uploaded', event: imageUploaded };
const timings = { backOffMinMs: 20, backOffMaxMs: 300, operationTimeoutMs: 3_000, closeTimeoutMs: 500 };
const aMessage = (body = '{}'): OutgoingMessage => ({
  id: randomUUID(),
  event: imageUploaded.name,
  lane: 'interactive',
  body,
});
const make = (options = {}) => makeRabbitMqHarness(url, [queue], { timings, ...options });

if (url) describeMessageBus('rabbitmq', ({ queues }) => makeRabbitMqHarness(url, queues));

describeServer('the RabbitMQ bus', () => {
  let harness: RabbitMqHarness;
  let proxy: TcpProxy | undefined;
  const workName = () => harness.topology.lanes[0]!.work.name;
  const begin = async (options = {}) => (harness = await make(options));
  const beginBehindProxy = async (options = {}) => {
    const { hostname, port } = new URL(url);
    proxy = await createTcpProxy({ host: hostname, port: Number(port) });
    const through = new URL(url);
    through.host = `${proxy.host}:${proxy.port}`;
    await begin({ throughUrl: through.href, ...options });
    return proxy;
  };
  const consume = async (answer: DeliveryHandler = async () => ({ kind: 'ack' })) => {
    const seen: string[] = [];
    const handler: DeliveryHandler = (delivery) => (seen.push(delivery.body), answer(delivery));
    await harness.bus.consume(queue, handler, { concurrency: 2 });
    await until(() => harness.bus.waitingFor().length === 0);
    return seen;
  };
  /** Publishes as the outbox relay does: until the bus takes it. */
  const publish = async (message: OutgoingMessage) => {
    await until(() =>
      harness.bus.publish(message).then(
        () => true,
        () => false,
      ),
    );
  };
  afterEach(async () => {
    await harness?.dispose();
    await proxy?.close();
    proxy = undefined;
  });

  it('When a body is too long, then it is dead without reaching the handler', async () => {
    await begin();
    const seen = await consume();
    await harness.bus.publish(aMessage('x'.repeat(1024 * 1024 + 1)));
    await until(async () => (await harness.bus.deadLetters(1)).length === 1);
    expect((await harness.bus.deadLetters(1))[0]!.reason).toContain('bytes');
    expect(seen).toEqual([]);
  });

  it('When a reason is endless, then the dead letter keeps its beginning and the connection stays', async () => {
    await begin();
    await consume(async () => ({ kind: 'dead', reason: 'why '.repeat(100_000) }));
    await harness.bus.publish(aMessage());
    await until(async () => (await harness.bus.deadLetters(1)).length === 1);
    expect((await harness.bus.deadLetters(1))[0]!.reason).toMatch(/^why why /);
  });

  it('When dead letters are looked at more often than the delivery limit, then they stay', async () => {
    await begin();
    await consume(async () => ({ kind: 'dead', reason: 'x' }));
    for (const body of ['a', 'b', 'c']) await harness.bus.publish(aMessage(body));
    await until(async () => (await harness.bus.deadLetters(9)).length === 3);
    for (let look = 0; look < 30; look += 1) await harness.bus.deadLetters(1 + (look % 3));
    expect((await harness.bus.deadLetters(9)).map(({ message }) => message.body).sort()).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('When a queue is full, then publish rejects and nothing is lost', async () => {
    await begin({ maxLength: 1 });
    let refused = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      await harness.bus.publish(aMessage()).catch(() => (refused += 1));
    }
    expect(refused).toBeGreaterThan(0);
    expect(await harness.bus.depth(queue)).toBe(20 - refused);
  });

  it('When a binding is deleted, then publish says so, declares it again and comes right', async () => {
    await begin();
    const { events } = harness.topology;
    await harness.onServer((channel) => channel.unbindQueue(workName(), events.name, imageUploaded.name));
    await expect(harness.bus.publish(aMessage())).rejects.toThrow(UnroutableMessageError);
    await publish(aMessage());
    expect(await harness.bus.depth(queue)).toBe(1);
  });

  it('When a queue is deleted under its consumer, then it is declared and consumed again', async () => {
    await begin();
    const seen = await consume();
    await harness.onServer((channel) => channel.deleteQueue(workName()));
    await publish(aMessage('after'));
    await until(() => seen.includes('after'));
  });

  it('When the password is wrong, then it says so without the secret, and operations reject', async () => {
    const wrong = new URL(url);
    wrong.password = 'letmein';
    const bus = createRabbitMqBus({
      url: wrong.href,
      log: silentLog(),
      retryDelaysMs: [50],
      timings: { ...timings, operationTimeoutMs: 200 },
    });
    await until(() => bus.waitingFor().join().includes('wrong user or password'));
    expect(bus.waitingFor().join()).not.toContain('letmein');
    await expect(bus.publish(aMessage())).rejects.toThrow('wrong user or password');
    await bus.close();
  });

  it('When a queue exists with other arguments, then it is named, and all is well once it is gone', async () => {
    await begin();
    const other = createRabbitMqBus({
      url,
      log: silentLog(),
      retryDelaysMs: [51, 100, 150],
      prefix: harness.prefix,
      queues: [queue],
      timings,
    });
    const tier = `${workName()}.retry-1`;
    await until(() => other.waitingFor().join().includes(`queue ${tier} exists with other arguments`));
    await harness.onServer(async (channel) => {
      await channel.deleteQueue(tier);
      await channel.deleteQueue(`${workName()}.bulk.retry-1`);
    });
    await until(() => other.waitingFor().length === 0);
    await other.close();
  });

  it('When connections are reset again and again, then every message is handled and consumers come back', async () => {
    const connection = await beginBehindProxy();
    const seen = await consume();
    for (let turn = 0; turn < 5; turn += 1) {
      await publish(aMessage(`m${turn}`));
      connection.reset();
    }
    await publish(aMessage('last'));
    await until(() => ['m0', 'm1', 'm2', 'm3', 'm4', 'last'].every((body) => seen.includes(body)));
  });

  it('When the connection of a subscriber is cut, then it hears again once the server can be reached', async () => {
    const connection = await beginBehindProxy();
    const heard: string[] = [];
    await harness.bus.subscribe([imageUploaded], ({ body }) => heard.push(body));
    await until(() => harness.bus.waitingFor().length === 0);
    await publish(aMessage('before'));
    await until(() => heard.includes('before'));
    connection.cut();
    await until(() => harness.bus.waitingFor().length > 0);
    connection.restore();
    await until(() => harness.bus.waitingFor().length === 0);
    await publish(aMessage('after'));
    await until(() => heard.includes('after'));
  });

  it('When the connection dies at any moment of its setup, then it is built anew', async () => {
    const connection = await beginBehindProxy();
    for (let chunks = 1; chunks <= 12; chunks += 1) {
      const died = Promise.withResolvers<void>();
      let left = chunks;
      connection.onClientData(() => {
        left -= 1;
        if (left !== 0) return;
        connection.reset();
        died.resolve();
      });
      connection.reset();
      await died.promise;
    }
    connection.onClientData(() => {});
    await until(() => harness.bus.waitingFor().length === 0);
    await publish(aMessage());
  });

  it('When the server falls silent, then the heartbeat notices and all comes back', async () => {
    const connection = await beginBehindProxy({
      timings: { ...timings, heartbeatSeconds: 1, connectTimeoutMs: 1_000 },
    });
    const seen = await consume();
    connection.blackHole();
    await until(() => harness.bus.waitingFor().length > 0);
    connection.cut();
    connection.restore();
    await publish(aMessage('after'));
    await until(() => seen.includes('after'));
  });

  it('When a confirm does not come in time, then publish rejects and the next one finds a new connection', async () => {
    const connection = await beginBehindProxy({ timings: { ...timings, confirmTimeoutMs: 200 } });
    connection.blackHole();
    await expect(harness.bus.publish(aMessage())).rejects.toThrow('did not take the message');
    connection.cut();
    connection.restore();
    await publish(aMessage());
  });
});

describeKill('the RabbitMQ bus and a server that dies', () => {
  afterAll(() => server('start', 'rabbitmq'));

  it.each([
    ['killed', 'kill'],
    ['wiped', 'wipe'],
  ])(
    'When the server is %s under load, then every message is handled and consumers come back',
    async (_, fault) => {
      const harness = await make();
      const handled = new Set<string>();
      const handler: DeliveryHandler = async ({ body }) => (handled.add(body), { kind: 'ack' });
      await harness.bus.consume(queue, handler, { concurrency: 4 });
      const bodies = Array.from({ length: 200 }, (_each, index) => `m${index}`);
      const publishUntilTaken = (body: string) =>
        until(() =>
          harness.bus.publish(aMessage(body)).then(
            () => true,
            () => false,
          ),
        );
      const publishing = bodies.map(publishUntilTaken);
      await until(() => handled.size > 0);
      server(fault, 'rabbitmq');
      await until(() => harness.bus.waitingFor().length > 0);
      server('start', 'rabbitmq');
      await Promise.all(publishing);
      // A wiped server forgets what it had confirmed: the sweeper publishes that again.
      if (fault === 'wipe') for (const body of bodies) await publishUntilTaken(body);
      await until(() => handled.size === bodies.length);
      await harness.dispose();
    },
  );

  it('When the server is gone, then close resolves all the same', async () => {
    const harness = await make();
    server('kill', 'rabbitmq');
    await harness.bus.close();
    server('start', 'rabbitmq');
    await harness.dispose();
  });
});
