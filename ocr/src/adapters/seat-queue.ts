import { untilAborted } from './until-aborted.ts';

/** Hands out a fixed set of things one at a time, first come, first served. */
export interface SeatQueue<Seat> {
  /** @throws the signal's reason when it aborts before there is one */
  take(signal: AbortSignal): Promise<Seat>;
  give(seat: Seat): void;
}

export function createSeatQueue<Seat>(seats: readonly Seat[]): SeatQueue<Seat> {
  const free = [...seats];
  const waiting = new Set<PromiseWithResolvers<Seat>>();

  function give(seat: Seat): void {
    const [next] = waiting;
    if (!next) return void free.push(seat);
    waiting.delete(next);
    next.resolve(seat);
  }

  async function wait(signal: AbortSignal): Promise<Seat> {
    const turn = Promise.withResolvers<Seat>();
    waiting.add(turn);
    try {
      return await untilAborted(turn.promise, signal);
    } catch (error) {
      // Given a seat and aborted in the same moment: somebody else may have it.
      if (!waiting.delete(turn)) give(await turn.promise);
      throw error;
    }
  }

  return {
    async take(signal) {
      signal.throwIfAborted();
      return free.pop() ?? wait(signal);
    },
    give,
  };
}
