import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ReprocessCatalog,
  ReprocessStage,
  StageStamp,
} from '@image-organizer/adapters/catalog/reprocess';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { Service } from '@image-organizer/platform/service';

/**
 * The service, which tells the catalogue when it starts under which settings it does its stage: what was done under
 * others is stale. It waits for nothing: where the catalogue is away, it is told later.
 */
export function withStamp(
  service: Service,
  stage: ReprocessStage,
  stamp: StageStamp,
  {
    catalog,
    log,
    retryMs = 10_000,
  }: { catalog: Pick<ReprocessCatalog, 'recordStamp'>; log: Log; retryMs?: number },
): Service {
  const stopped = new AbortController();

  async function record(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        return await catalog.recordStamp(stage, stamp);
      } catch (error) {
        log.warn({ stage, reason: messageOf(error) }, 'the settings could not be recorded yet');
        await sleep(retryMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  let recorded: Promise<void> = Promise.resolve();
  return {
    ...service,
    async start() {
      await service.start();
      recorded = record();
    },
    async stop() {
      stopped.abort();
      await service.stop();
      await recorded;
    },
  };
}
