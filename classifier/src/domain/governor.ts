import type { Clock } from '@image-organizer/platform/clock';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { SpendLedger } from './spend-ledger.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const requests = 'llm-requests';

export type Admission =
  | { kind: 'go' }
  /** Too fast: wait, for the model works. */
  | { kind: 'later'; delayMs: number; reason: string }
  /** No answer is to be had for a while. */
  | { kind: 'down' | 'spent'; delayMs: number; reason: string };

/** Decides whether the model may be asked now. */
export interface Governor {
  admit(ownerId: string): Promise<Admission>;
  /** The model answered. */
  succeeded(ownerId: string, tokens: number): Promise<void>;
  /** It did not. */
  failed(): void;
  /** It wants nobody to ask for so long. */
  pause(delayMs: number): void;
}

/**
 * Requests per minute of all, tokens per owner and UTC day (both by the ledger, so across replicas), Retry-After and
 * breaker (per process). A limit may be exceeded by the calls that are in flight when it is reached.
 * @param options.dailyTokensPerOwner undefined: no limit
 */
export function createGovernor(options: {
  ledger: SpendLedger;
  clock: Clock;
  requestsPerMinute: number;
  dailyTokensPerOwner?: number;
}): Governor {
  const { ledger, clock, requestsPerMinute, dailyTokensPerOwner = Infinity } = options;
  const breaker = createCircuitBreaker({ clock });
  let pausedUntil = 0;
  const now = () => clock.now().getTime();
  const periodOf = (length: number) => clock.now().toISOString().slice(0, length);
  const untilNext = (ms: number) => ms - (now() % ms);

  async function isSpent(ownerId: string): Promise<boolean> {
    return (await ledger.spent(tokensOf(ownerId), periodOf('2026-11-21'.length))) >= dailyTokensPerOwner;
  }
  async function isTooFast(): Promise<boolean> {
    return (await ledger.add(requests, periodOf('2026-11-21T10:24'.length), 1)) > requestsPerMinute;
  }

  return {
    async admit(ownerId) {
      if (pausedUntil > now())
        return { kind: 'later', delayMs: pausedUntil - now(), reason: 'the model asked for a pause' };
      if (await isSpent(ownerId))
        return { kind: 'spent', delayMs: untilNext(dayMs), reason: 'today’s budget for it is spent' };
      const delayMs = breaker.admit();
      if (delayMs > 0) return { kind: 'down', delayMs, reason: 'it has not answered lately' };
      if (await isTooFast())
        return { kind: 'later', delayMs: untilNext(minuteMs), reason: 'this minute’s requests are spent' };
      return { kind: 'go' };
    },
    async succeeded(ownerId, tokens) {
      breaker.succeeded();
      await ledger.add(tokensOf(ownerId), periodOf('2026-11-21'.length), tokens);
    },
    failed: breaker.failed,
    pause: (delayMs) => void (pausedUntil = Math.max(pausedUntil, now() + delayMs)),
  };
}

const tokensOf = (ownerId: string): string => `llm-tokens:${ownerId}`;
