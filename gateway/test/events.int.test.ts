import { randomUUID } from 'node:crypto';
import { createMongoCatalog } from '@image-organizer/adapters/catalog/mongo';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { imageUploaded } from '@image-organizer/contracts/events/image-uploaded';
import { createOutboxRelay } from '@image-organizer/pipeline/outbox-relay';
import { systemClock } from '@image-organizer/platform/clock';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { makeRabbitMqHarness, removeTopology, until } from '@image-organizer/testing/rabbitmq-harness';
import { createTcpProxy } from '@image-organizer/testing/tcp-proxy';
import { jpeg } from './support/files.ts';
import { anna, startGateway } from './support/start-gateway.ts';
import { watchEvents } from './support/watch-events.ts';

const { RABBITMQ_URL: rabbitMqUrl = '', MONGO_URL: mongoUrl = '' } = process.env;
const describeServers = rabbitMqUrl && mongoUrl ? describe : describe.skip;

const log = silentLog();
const queue = { name: 'worker.image-uploaded', event: imageUploaded };
const timings = { backOffMinMs: 20, backOffMaxMs: 300 };

/** Two gateways on one RabbitMQ and one MongoDB; the first reaches RabbitMQ through a proxy, the second relays events. */
async function startReplicas({ livePollMs }: { livePollMs: number }) {
  const name = `live_${randomUUID().slice(0, 8)}`;
  const database = Object.assign(new URL(mongoUrl), { pathname: `/${name}` }).href;
  const { hostname, port } = new URL(rabbitMqUrl);
  const proxy = await createTcpProxy({ host: hostname, port: Number(port) });
  const throughUrl = Object.assign(new URL(rabbitMqUrl), { host: `${proxy.host}:${proxy.port}` }).href;

  const replica = async (options: { throughUrl?: string }) => {
    const connection = connectMongo({ url: database, log });
    const catalog = createMongoCatalog({ connection });
    const rabbit = await makeRabbitMqHarness(rabbitMqUrl, [queue], {
      ...{ prefix: `${name}.`, retryDelaysMs: [1_000], timings },
      ...options,
    });
    const gateway = await startGateway({ catalog: () => catalog, bus: () => rabbit.bus, livePollMs });
    return { connection, catalog, rabbit, gateway };
  };
  const watched = await replica({ throughUrl });
  const other = await replica({});
  const metrics = createMetrics({ service: 'test', process: false });
  const relay = createOutboxRelay({
    ...{ catalog: other.catalog, bus: other.rabbit.bus, clock: systemClock, log, metrics },
    ...{ instanceId: 'relay', pollMs: 20 },
  });
  await relay.start();

  return {
    proxy,
    watched,
    uploadToOther: () => other.gateway.uploaded(jpeg()),
    watch: async (lastEventId?: string) => {
      const { url, auth } = watched.gateway;
      const watching = await watchEvents(url, auth.tokenOf(anna), { lastEventId });
      await watching.ready();
      return watching;
    },
    isListening: () => watched.rabbit.bus.waitingFor().length === 0,
    async stop() {
      await relay.stop();
      for (const each of [watched, other]) await each.gateway.stop();
      await proxy.close();
      await (await other.connection.database()).dropDatabase();
      for (const { catalog, rabbit } of [watched, other])
        await Promise.all([catalog.close(), rabbit.bus.close()]);
      await removeTopology(rabbitMqUrl, other.rabbit.topology);
    },
  };
}

describeServers('live events of two gateways', () => {
  let replicas: Awaited<ReturnType<typeof startReplicas>>;
  afterEach(() => replicas.stop());

  it('When one replica takes an upload, then a client of the other is told by RabbitMQ', async () => {
    replicas = await startReplicas({ livePollMs: 3_600_000 }); // it would not find it by itself
    const watching = await replicas.watch();
    await until(replicas.isListening);
    const id = await replicas.uploadToOther();
    await watching.told(id, { status: 'queued' });
    await watching.close();
  }, 120_000);

  it('When RabbitMQ cannot be reached and comes back, then nothing is missed', async () => {
    replicas = await startReplicas({ livePollMs: 500 });
    const watching = await replicas.watch();
    await until(replicas.isListening);
    replicas.proxy.cut();
    await until(() => !replicas.isListening());
    const during = await replicas.uploadToOther();
    await watching.told(during);
    replicas.proxy.restore();
    await until(replicas.isListening);
    const after = await replicas.uploadToOther();
    await watching.told(after);
    await watching.close();
  }, 120_000);

  it('When a client loses its connection again and again, then it is told of every upload', async () => {
    replicas = await startReplicas({ livePollMs: 3_600_000 });
    const uploaded: string[] = [];
    const told = new Set<string>();
    let lastEventId: string | undefined;
    for (let turn = 0; turn < 5; turn += 1) {
      const watching = await replicas.watch(lastEventId);
      await until(replicas.isListening);
      uploaded.push(await replicas.uploadToOther());
      if (turn % 2) await watching.told(uploaded.at(-1)!); // else it is cut at any moment
      await watching.close();
      uploaded.push(await replicas.uploadToOther());
      for (const { event, data } of watching.events) if (event === 'image') told.add(data.id);
      lastEventId = watching.lastId();
    }
    const last = await replicas.watch(lastEventId);
    for (const id of uploaded) if (!told.has(id)) await last.told(id);
    await last.close();
  }, 120_000);
});
