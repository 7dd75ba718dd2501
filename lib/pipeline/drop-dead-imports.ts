import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';

const pageSize = 100;

/** Forgets imports whose CSV was never read to its end: the process that read it died. */
export function createDropDeadImports({
  catalog,
  clock,
  log,
}: {
  catalog: Catalog;
  clock: Clock;
  log: Log;
}): () => Promise<void> {
  return async () => {
    for (const { id } of await catalog.expiredImports(clock.now(), pageSize)) {
      await catalog.dropImport(id);
      log.info({ importId: id }, 'sweeper: an import that died was forgotten');
    }
  };
}
