import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord } from '@image-organizer/adapters/catalog/imports';
import type { Clock } from '@image-organizer/platform/clock';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { Service } from '@image-organizer/platform/service';
import type { ImportReport } from '../import-report.ts';
import type { FinishImport } from './finish-import.ts';
import type { ClaimedRow, ImportOneRow } from './import-row.ts';

export interface RowLoopOptions {
  catalog: Catalog;
  clock: Clock;
  log: Log;
  report: ImportReport;
  instanceId: string;
  leaseMs: number;
  /** Rows at once. */
  concurrency: number;
  pollMs: number;
  importRow: ImportOneRow;
  finishImport: FinishImport;
}

/** Claims rows of running imports, one of each in turn, and has as many worked on at once as it may. */
export interface RowLoop extends Service {
  /** Looks for imports now. Cheap, never throws; polling is only the fallback. */
  look(): void;
}

/** Of each state; those beyond have their turn when some of these have nothing that is due. */
const importsAtOnce = 100;

export function createRowLoop(options: RowLoopOptions): RowLoop {
  const { catalog, clock, log, report, instanceId, leaseMs, importRow, finishImport } = options;
  const stopping = new AbortController();
  const working = new Set<Promise<void>>();
  /** Imports that may have a row that is due, the next one first. */
  let turns: ImportRecord[] = [];
  let wanted = { look: false, fill: false };
  let turning: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const failed = (error: unknown) =>
    log.warn({ reason: messageOf(error) }, 'imports: the catalogue did not answer, will try again');

  async function lookAround() {
    turns = await catalog.runningImports(importsAtOnce);
    report.pending(turns.reduce((sum, { rows }) => sum + rows.total - rows.done - rows.failed, 0));
    for (const cancelled of await catalog.cancelledImports(importsAtOnce)) await finishImport(cancelled);
  }

  async function fill() {
    while (working.size < options.concurrency && turns.length > 0 && !stopping.signal.aborted) {
      const next = turns.shift()!;
      const claim = { importId: next.id, owner: instanceId, now: clock.now(), leaseMs };
      const row = await catalog.claimImportRow(claim);
      if (!row) await finishImport(next);
      else {
        turns.push(next);
        begin(next, row);
      }
    }
  }

  function begin(of: ImportRecord, row: ClaimedRow) {
    const work = importRow(of, row, stopping.signal)
      .then(async () => {
        // It may have been the last one; where there are others, the next claim tells.
        if (!turns.some(({ id }) => id === of.id)) await finishImport(of);
      })
      .catch(failed)
      .finally(() => {
        working.delete(work);
        turn({ look: false });
      });
    working.add(work);
  }

  /** One at a time; what is wanted meanwhile is done right after it. */
  function turn({ look }: { look: boolean }) {
    wanted = { look: wanted.look || look, fill: true };
    if (!stopping.signal.aborted) turning ??= runTurns();
  }

  async function runTurns() {
    while (wanted.fill && !stopping.signal.aborted) {
      const { look } = wanted;
      wanted = { look: false, fill: false };
      await (look ? lookAround().then(fill) : fill()).catch(failed);
    }
    turning = undefined;
  }

  const look = () => turn({ look: true });
  return {
    name: 'import-rows',
    look,
    async start() {
      timer = setInterval(look, options.pollMs);
      look();
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await turning;
      await Promise.all(working);
    },
  };
}
