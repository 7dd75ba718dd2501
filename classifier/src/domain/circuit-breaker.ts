import type { Clock } from '@image-organizer/platform/clock';

export interface CircuitBreaker {
  /** @returns 0 to go ahead, else milliseconds to wait. While open, one call per `openMs` may go ahead as a probe. */
  admit(): number;
  /** Closes it. */
  succeeded(): void;
  failed(): void;
}

/** Spares a server that is down, and those who would wait for it: opens after so many failures in a row. */
export function createCircuitBreaker(options: {
  clock: Clock;
  opensAfter?: number;
  openMs?: number;
}): CircuitBreaker {
  const { clock, opensAfter = 5, openMs = 30_000 } = options;
  let failures = 0;
  let nextProbe = 0;
  const later = () => clock.now().getTime() + openMs;
  return {
    admit() {
      const wait = nextProbe - clock.now().getTime();
      if (failures < opensAfter) return 0;
      if (wait > 0) return wait;
      nextProbe = later();
      return 0;
    },
    succeeded: () => void (failures = 0),
    failed() {
      failures += 1;
      nextProbe = later();
    },
  };
}
