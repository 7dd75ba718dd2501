/**
 * Lists, replays or discards dead letters.
 *
 *   RABBITMQ_URL=… node scripts/dead-letters.ts [replay ID|all | discard ID|all]
 */
import { createRabbitMqBus } from '@image-organizer/adapters/message-bus/rabbitmq';
import { readProcessConfig } from '@image-organizer/pipeline/config';
import { createLog } from '@image-organizer/platform/log';

const [action, wanted] = process.argv.slice(2);
if (action !== undefined && !(['replay', 'discard'].includes(action) && wanted)) {
  console.error('usage: node scripts/dead-letters.ts [replay ID|all | discard ID|all]');
  process.exit(2);
}

const { rabbitMqUrl, retryDelaysMs } = readProcessConfig({ MONGO_URL: 'mongodb://unused', ...process.env });
const bus = createRabbitMqBus({
  url: rabbitMqUrl,
  log: createLog({ service: 'dead-letters', level: 'warn' }),
  retryDelaysMs,
});
const letters = await bus.deadLetters(10_000);
const chosen = letters.filter(({ message }) => wanted === 'all' || message.id === wanted);
for (const letter of action ? chosen : letters) {
  if (action === 'replay') await letter.replay();
  if (action === 'discard') await letter.discard();
  console.log([action ?? '', letter.message.id, letter.queue, letter.reason].filter(Boolean).join('  '));
}
console.log(action ? `${chosen.length} of ${letters.length}` : `${letters.length} dead letters`);
await bus.close();
