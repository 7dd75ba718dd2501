import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const tool = join(import.meta.dirname, '..', '..', '..', 'shared', 'servers', 'servers.sh');

/**
 * RabbitMQ 4.3.6: where quorum queues are deleted in quick succession, as tests do, the supervisor of its at-least-once
 * dead-letter workers gives up for the whole node, and every such queue is refused (`cluster_not_formed`) until a restart.
 * Does nothing where the tool that started the server is not at hand.
 */
export async function mendRabbitMq(): Promise<void> {
  if (!existsSync(tool)) return;
  const mend =
    'case whereis(rabbit_fifo_dlx_sup) of undefined -> supervisor:restart_child(rabbit_sup, rabbit_fifo_dlx_sup); _ -> ok end.';
  await promisify(execFile)(tool, ['rabbitmqctl', 'eval', mend], { timeout: 120_000 });
}
