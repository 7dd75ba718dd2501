import type { Lane } from '@image-organizer/contracts/vocabulary';

/** One piece of work that waits for a place. */
export interface Waiting {
  lane: Lane;
  run: () => Promise<void>;
  /** It will not be run: the places were closed first. */
  giveUp: () => void;
}

export interface Places {
  add(waiting: Waiting): void;
  /** Begins nothing more. */
  stop(): void;
  /** Gives up what waits; resolves when all that runs has ended. */
  close(): Promise<void>;
}

export const bulkPlacesOf = (concurrency: number) => (concurrency >= 2 ? concurrency - 1 : 1);

/**
 * `concurrency` places shared by both lanes, the interactive one first; one of two or more is never taken by bulk.
 * (RabbitMQ's prefetch counts per consumer, and a global one is not for quorum queues.)
 */
export function createPlaces(concurrency: number): Places {
  const waiting: Record<Lane, Waiting[]> = { interactive: [], bulk: [] };
  const running = new Map<Promise<void>, Lane>();
  let [stopped, closed] = [false, false];

  const bulkRunning = () => [...running.values()].filter((lane) => lane === 'bulk').length;
  const next = () =>
    waiting.interactive.shift() ??
    (bulkRunning() < bulkPlacesOf(concurrency) ? waiting.bulk.shift() : undefined);

  function fill() {
    while (!stopped && running.size < concurrency) {
      const work = next();
      if (!work) return;
      const run = work.run().finally(() => {
        running.delete(run);
        fill();
      });
      running.set(run, work.lane);
    }
  }
  return {
    add(work) {
      if (closed) return work.giveUp();
      waiting[work.lane].push(work);
      fill();
    },
    stop() {
      stopped = true;
    },
    async close() {
      stopped = closed = true;
      for (const lane of [waiting.interactive, waiting.bulk])
        lane.splice(0).forEach(({ giveUp }) => giveUp());
      await Promise.all(running.keys());
    },
  };
}
