import { randomUUID } from 'node:crypto';
import { createRabbitMqBus } from '@image-organizer/adapters/message-bus/rabbitmq';
import { rabbitMqTopology } from '@image-organizer/adapters/message-bus/rabbitmq-topology';
import { queues } from '@image-organizer/contracts/topology';
import { retryDelaysMs } from '@image-organizer/pipeline/retry-policy';
import { silentLog } from '@image-organizer/platform/log';
import { mendRabbitMq } from '@image-organizer/testing/mend-rabbitmq';
import { removeTopology } from '@image-organizer/testing/rabbitmq-harness';
import { describeTraces } from './describe-traces.ts';

const url = process.env.RABBITMQ_URL ?? 'amqp://guest:guest@127.0.0.1:5672';

describeTraces('RabbitMQ', async () => {
  await mendRabbitMq();
  const topology = { retryDelaysMs, prefix: `test-${randomUUID().slice(0, 8)}.` };
  const bus = createRabbitMqBus({ url, log: silentLog(), ...topology });
  return {
    bus,
    async dispose() {
      await bus.close();
      await removeTopology(url, rabbitMqTopology(Object.values(queues), topology));
    },
  };
});
