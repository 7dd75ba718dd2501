import { randomUUID } from 'node:crypto';
import { createGridFsBlobStore } from '@image-organizer/adapters/blob-store/gridfs';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { createMongoCatalog } from '@image-organizer/adapters/catalog/mongo';
import { createRabbitMqBus } from '@image-organizer/adapters/message-bus/rabbitmq';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { systemClock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { registerServers, type Metrics } from '@image-organizer/platform/metrics';
import type { ProcessConfig } from './config.ts';
import { createOutboxRelay, type OutboxRelay } from './outbox-relay.ts';
import { defaultRetryPolicy } from './retry-policy.ts';
import type { StageDependencies } from './run-stage.ts';

/** What a service process runs on: RabbitMQ, MongoDB with GridFS, and a relay for what it records. */
export interface Servers extends StageDependencies {
  blobs: BlobStore;
  relay: OutboxRelay;
  waitingFor(): string[];
  /** Broker first, stores last: what is in flight has been recorded by then. */
  close(): Promise<void>;
}

/** Returns at once; every server is connected to in the background, for as long as it takes. */
export function connectServers(
  config: ProcessConfig,
  { log, metrics }: { log: Log; metrics: Metrics },
): Servers {
  const clock = systemClock;
  const instanceId = randomUUID();
  const connection = connectMongo({ url: config.mongoUrl, log });
  const catalog = createMongoCatalog({ connection });
  const blobs = createGridFsBlobStore({ connection });
  const bus = createRabbitMqBus({
    url: config.rabbitMqUrl,
    log,
    metrics,
    retryDelaysMs: config.retryDelaysMs,
  });
  const waitingForMongo = () => [...catalog.waitingFor(), ...blobs.waitingFor()];
  registerServers(metrics, { rabbitmq: () => bus.waitingFor(), mongo: waitingForMongo });
  const relay = createOutboxRelay({ catalog, bus, clock, log, metrics, instanceId });
  return {
    bus,
    blobs,
    catalog,
    clock,
    log,
    metrics,
    instanceId,
    relay,
    relayHint: relay.hint,
    leaseMs: config.leaseMs,
    policy: { ...defaultRetryPolicy, delaysMs: config.retryDelaysMs },
    waitingFor: () => [...bus.waitingFor(), ...waitingForMongo()],
    async close() {
      await bus.close();
      await Promise.all([catalog.close(), blobs.close()]);
      await connection.close();
    },
  };
}
