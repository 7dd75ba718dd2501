import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord } from '@image-organizer/adapters/catalog/records';

export interface Progress {
  /** The catalogue, watched: the batches opened through it are the ones told of. */
  catalog: Catalog;
  start(): void;
  stop(): void;
}

/**
 * One line per batch on the terminal: redrawn while it goes on where `redraw` (a terminal), else printed at its end.
 * @param write what takes the text: process.stdout.write
 */
export function watchBatches(
  catalog: Catalog,
  { write, redraw, everyMs = 500 }: { write: (text: string) => void; redraw: boolean; everyMs?: number },
): Progress {
  const open = new Map<string, { ownerId: string; shown: string }>();
  let timer: NodeJS.Timeout | undefined;

  async function look() {
    for (const [id, seen] of open) {
      const batch = await catalog.getBatch(seen.ownerId, id);
      if (!batch || batch.status === 'completed') open.delete(id);
      if (!batch) continue;
      const line = lineOf(batch);
      if (batch.status === 'completed') write(`${redraw ? '\r\u001b[K' : ''}${line}\n`);
      else if (redraw && line !== seen.shown) write(`\r\u001b[K${line}`);
      seen.shown = line;
    }
  }

  const openBatch: Catalog['openBatch'] = async (batch) => {
    const opened = await catalog.openBatch(batch);
    if (opened.status !== 'completed') open.set(opened.id, { ownerId: opened.ownerId, shown: '' });
    return opened;
  };

  return {
    // Everything but openBatch is the catalogue's own, methods of a prototype included.
    catalog: new Proxy(catalog, {
      get(target, name) {
        if (name === 'openBatch') return openBatch;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    }),
    start() {
      timer = setInterval(() => void look().catch(() => undefined), everyMs);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

const width = 24;

function lineOf({ id, ownerEmail, status, total, organized, failed }: BatchRecord): string {
  const settled = organized + failed;
  const bar = '█'.repeat(total ? Math.floor((settled / total) * width) : 0).padEnd(width, '░');
  const end = status === 'completed' ? ' done, email written' : '';
  return `batch ${id.slice(0, 8)} ${bar} ${settled}/${total} organised${failed ? `, ${failed} failed` : ''} (${ownerEmail})${end}`;
}
