import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@image-organizer/platform/errors';

/**
 * Runs `work`, and again after a pause while what it needs cannot be used. @throws anything else `work` rejects with,
 * or what the signal was aborted with
 */
export async function untilAvailable(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError && error.kind === 'unavailable')) throw error;
    }
    await sleep(500, undefined, { signal });
  }
}
