import { batchCompleted } from '@image-organizer/contracts/events/batch-completed';
import { imageOrganized } from '@image-organizer/contracts/events/image-organized';
import { routingKeyOf } from '@image-organizer/adapters/message-bus/rabbitmq-topology';
import { connect } from 'amqplib';

/**
 * Hears of the end of images and batches by a queue of its own, beside the services' queues: no polling, so that
 * nothing is asked of the servers and no time is rounded up.
 */
export async function watchEvents(rabbitMqUrl: string) {
  const arrivals = new Map<string, PromiseWithResolvers<number>>();
  const arrivalOf = (id: string) => {
    const arrival = arrivals.get(id) ?? Promise.withResolvers<number>();
    arrivals.set(id, arrival);
    return arrival;
  };
  const connection = await connect(rabbitMqUrl);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  for (const { name } of [imageOrganized, batchCompleted])
    await channel.bindQueue(queue, 'images', routingKeyOf(name, 'interactive'));
  await channel.consume(
    queue,
    (message) => {
      const now = Date.now();
      const { data } = JSON.parse(message!.content.toString()) as {
        data: { imageId?: string; batchId: string };
      };
      arrivalOf(data.imageId ?? data.batchId).resolve(now);
    },
    { noAck: true },
  );
  return {
    /** When image.organized came for the image, or batch.completed for the batch; ms since 1970. */
    arrived: (id: string) => arrivalOf(id).promise,
    close: () => connection.close(),
  };
}
