import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@image-organizer/platform/log';
import { within } from './within.ts';

const firstPauseMs = 100;

/** Knows whether a server can be used, and tries in the background while it cannot. */
export interface ServerWatch {
  /** Begins to try, until it works; one that is at it already goes on. */
  check(): void;
  /** As `check`, and until it works `waitingFor` says why. */
  failed(error: unknown): void;
  /** Resolves when the server can be used. @throws after `ms` what is wrong */
  up(ms: number): Promise<void>;
  waitingFor(): string[];
  stop(): void;
}

/**
 * @param options.server names it, without a secret
 * @param options.attempt rejects when the server cannot be used; called again and again, with growing, jittered pauses
 * @param options.presumed what counts before the first attempt has ended
 * @param options.reasonOf says what is wrong, without a secret
 */
export function createServerWatch(options: {
  server: string;
  attempt: () => Promise<unknown>;
  presumed: 'up' | 'down';
  longestPauseMs: number;
  reasonOf: (error: unknown) => string;
  log: Log;
}): ServerWatch {
  const { server, attempt, presumed, longestPauseMs, reasonOf, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let problem = presumed === 'down' ? `${server}: connecting` : undefined;
  let trying: Promise<void> | undefined;

  const note = (error: unknown) => {
    const now = `${server}: ${reasonOf(error)}`;
    if (now !== problem && !signal.aborted) log.warn({ waitingFor: now }, 'waiting for a server');
    problem = now;
  };
  const works = () =>
    attempt().then(
      () => true,
      (error: unknown) => {
        note(error);
        return false;
      },
    );
  const untilItWorks = async () => {
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      if (await works()) {
        problem = undefined;
        return;
      }
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
    }
  };
  const check = () => {
    if (!signal.aborted) trying ??= untilItWorks().finally(() => (trying = undefined));
  };

  return {
    check,
    failed(error) {
      note(error);
      check();
    },
    async up(ms) {
      // What is wrong is said by `problem`, not by the time-out.
      await within(trying ?? Promise.resolve(), Math.max(0, ms)).catch(() => {
        throw new Error(problem ?? `${server}: no answer`);
      });
      if (signal.aborted) throw new Error(`${server}: closed`);
    },
    waitingFor: () => (problem === undefined || signal.aborted ? [] : [problem]),
    stop: () => stopping.abort(),
  };
}
