/**
 * Lists, replays or discards dead letters.
 *
 *   RABBITMQ_URL=… node scripts/dead-letters.ts                         lists them
 *   RABBITMQ_URL=… MONGO_URL=… node scripts/dead-letters.ts replay ID|all
 *   RABBITMQ_URL=… node scripts/dead-letters.ts discard ID|all
 *
 * A replay sets the failed stage of an image, or the failed email, back, as POST /api/admin/dead-letters/retry does; the
 * event of such a stage goes out with the outbox of any service that runs.
 */
import { createMongoCatalog } from '@image-organizer/adapters/catalog/mongo';
import { createRabbitMqBus } from '@image-organizer/adapters/message-bus/rabbitmq';
import { connectMongo } from '@image-organizer/adapters/mongo/connection';
import { readProcessConfig } from '@image-organizer/pipeline/config';
import { retryDeadLetter } from '@image-organizer/pipeline/retry-dead-letter';
import { systemClock } from '@image-organizer/platform/clock';
import { createLog } from '@image-organizer/platform/log';

const [action, wanted] = process.argv.slice(2);
if (action !== undefined && !(['replay', 'discard'].includes(action) && wanted)) {
  console.error('usage: node scripts/dead-letters.ts [replay ID|all | discard ID|all]');
  process.exit(2);
}

const unused = action === 'replay' ? {} : { MONGO_URL: 'mongodb://unused' };
const { rabbitMqUrl, mongoUrl, retryDelaysMs } = readProcessConfig({ ...unused, ...process.env });
const log = createLog({ service: 'dead-letters', level: 'warn' });
const bus = createRabbitMqBus({ url: rabbitMqUrl, log, retryDelaysMs });
const connection = action === 'replay' ? connectMongo({ url: mongoUrl, log }) : undefined;
const catalog = connection && createMongoCatalog({ connection });

const mostAtOnce = 10_000;
let seen = 0;
await bus.endDeadLetters(async (letter) => {
  const isChosen = action === undefined || wanted === 'all' || letter.message.id === wanted;
  if (!isChosen) return 'keep';
  seen += 1;
  console.log([action ?? '', letter.message.id, letter.queue, letter.reason].filter(Boolean).join('  '));
  if (action === undefined) return 'keep';
  return catalog ? retryDeadLetter({ catalog, clock: systemClock, relayHint: () => {} }, letter) : 'discard';
}, mostAtOnce);
console.log(action ? `${seen} ${action === 'replay' ? 'replayed' : 'discarded'}` : `${seen} dead letters`);
await bus.close();
await catalog?.close();
await connection?.close();
