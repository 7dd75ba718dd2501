import type { Failure } from '@image-organizer/contracts/vocabulary';
import type { Outcome } from '@image-organizer/adapters/message-bus/message-bus';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import { AppError, messageOf, PermanentError, PostponedError } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { withSpan } from '@image-organizer/platform/tracing';
import type { JobEnd, ReportJob } from './job-report.ts';
import { keepLease } from './keep-lease.ts';
import { tierAfterAttempt, tierOfDelay, type RetryPolicy } from './retry-policy.ts';

/** Somebody else has the work now: what this attempt made is thrown away. */
export class FencedError extends Error {
  override name = 'FencedError';
}

export class DeadlineError extends Error {
  override name = 'DeadlineError';
  readonly code = 'DEADLINE';
}

export interface ClaimedJob<Subject> {
  kind: 'claimed';
  epoch: number;
  /** 1 at the first try; attempts that were lost with their process not counted where `losses` counts them. */
  attempt: number;
  losses?: number;
  subject: Subject;
}

export type JobClaim<Subject> =
  ClaimedJob<Subject> | { kind: 'settled' } | { kind: 'leased' } | { kind: 'missing' } | { kind: 'deleted' };

/**
 * One piece of work that one worker at a time may do, and how its progress is recorded: a stage of an image
 * (run-stage.ts) or an email (run-delivery.ts). Everything but `claim` is filtered on the claim's epoch.
 */
export interface Job<Subject, Result> {
  /** What the log and the metrics call it. */
  name: string;
  /** The id of what is worked on. */
  subject: string;
  deadlineMs: number;
  /** How long a claim holds unless it is renewed. */
  leaseMs: number;
  claim(leaseMs: number): Promise<JobClaim<Subject>>;
  /** Missing: the lease is longer than the deadline. @returns false when fenced */
  renew?(claim: ClaimedJob<Subject>, until: Date): Promise<boolean>;
  work(claim: ClaimedJob<Subject>, signal: AbortSignal): Promise<Result>;
  /** `again`: the result clashed with somebody else's and the work has to be done once more. */
  commit(
    claim: ClaimedJob<Subject>,
    result: Result,
    durationMs: number,
  ): Promise<'committed' | 'fenced' | 'again'>;
  /** @param failure null gives the attempt back. @returns false when fenced */
  release(claim: ClaimedJob<Subject>, failure: Failure | null): Promise<boolean>;
  /** @returns false when fenced */
  fail(claim: ClaimedJob<Subject>, failure: Failure): Promise<boolean>;
  /** Throws away what a fenced attempt made. */
  discard?(claim: ClaimedJob<Subject>): Promise<void>;
}

export interface JobContext {
  clock: Clock;
  log: Log;
  report: ReportJob;
  policy: RetryPolicy;
  /** Message retries so far, for what is missing. */
  retries: number;
}

const ack: Outcome = { kind: 'ack' };

/** The consumer's side of the delivery protocol: claim → work → commit → outcome (design: delivery.md). */
export async function processJob<Subject, Result>(
  job: Job<Subject, Result>,
  context: JobContext,
): Promise<Outcome> {
  const { policy } = context;
  crashPoint(`${job.name}:before-claim`);
  const claim = await job.claim(job.leaseMs);
  switch (claim.kind) {
    case 'deleted':
    case 'settled':
      return ack;
    case 'leased':
      return { kind: 'retry', tier: 0, reason: 'another worker has it' };
    case 'missing':
      return context.retries < policy.maxMissing
        ? { kind: 'retry', tier: tierAfterAttempt(context.retries + 1), reason: 'it is not in the catalogue' }
        : { kind: 'dead', reason: `${job.name}: what the message names is not in the catalogue` };
    case 'claimed':
      return withSpan(job.name, {}, () => attemptJob(job, claim, context));
  }
}

async function attemptJob<Subject, Result>(
  job: Job<Subject, Result>,
  claim: ClaimedJob<Subject>,
  context: JobContext,
): Promise<Outcome> {
  const { policy } = context;
  const startedAt = performance.now();
  const { attempt, losses = 0 } = claim;
  if (attempt > policy.maxAttempts || losses > policy.maxLosses) {
    const detail = `The process that worked on it ended ${losses || attempt - 1} times.`;
    return fail(job, claim, { code: 'WORKER_LOST', detail }, context, startedAt);
  }
  try {
    const result = await workAndCommit(job, claim, context, startedAt);
    crashPoint(`${job.name}:committed`);
    if (result === 'fenced') throw new FencedError('somebody else has it now');
    tell(claim, context, startedAt, { outcome: 'done' });
    return ack;
  } catch (error) {
    return afterError(job, claim, error, context, startedAt);
  }
}

async function workAndCommit<Subject, Result>(
  job: Job<Subject, Result>,
  claim: ClaimedJob<Subject>,
  context: JobContext,
  startedAt: number,
): Promise<'committed' | 'fenced'> {
  for (;;) {
    crashPoint(`${job.name}:claimed`, job.subject);
    const result = await withLease(job, claim, context.clock);
    crashPoint(`${job.name}:worked`);
    const committed = await job.commit(claim, result, Math.round(performance.now() - startedAt));
    if (committed !== 'again') return committed;
  }
}

/** Works under the deadline while the lease is renewed; loses the claim when the renewal says so. */
async function withLease<Subject, Result>(
  job: Job<Subject, Result>,
  claim: ClaimedJob<Subject>,
  clock: Clock,
): Promise<Result> {
  const abort = new AbortController();
  const ended = new AbortController();
  const { promise: cutShort, reject } = Promise.withResolvers<never>();
  const cut = (error: Error) => {
    abort.abort(error);
    reject(error);
  };
  const deadline = setTimeout(
    () => cut(new DeadlineError(`It took longer than ${job.deadlineMs / 1000} s.`)),
    job.deadlineMs,
  );
  if (job.renew) {
    void keepLease({
      renew: (until) => job.renew!(claim, until),
      leaseMs: job.leaseMs,
      clock,
      ended: ended.signal,
      lost: () => cut(new FencedError('the lease ran out and somebody else took over')),
    });
  }
  try {
    return await Promise.race([job.work(claim, abort.signal), cutShort]);
  } finally {
    clearTimeout(deadline);
    ended.abort();
  }
}

async function afterError<Subject, Result>(
  job: Job<Subject, Result>,
  claim: ClaimedJob<Subject>,
  error: unknown,
  context: JobContext,
  startedAt: number,
): Promise<Outcome> {
  const { policy } = context;
  if (error instanceof FencedError) {
    tell(claim, context, startedAt, { outcome: 'fenced', reason: error.message });
    await job.discard?.(claim);
    return ack;
  }
  if (error instanceof PostponedError) {
    tell(claim, context, startedAt, { outcome: 'postponed', reason: error.message });
    await job.release(claim, null);
    return { kind: 'retry', tier: tierOfDelay(error.delayMs, policy), reason: error.message };
  }
  const failure = failureOf(error);
  if (error instanceof PermanentError || claim.attempt >= policy.maxAttempts) {
    return fail(job, claim, failure, context, startedAt);
  }
  tell(claim, context, startedAt, { outcome: 'retried', code: failure.code, reason: failure.detail });
  await job.release(claim, failure);
  return { kind: 'retry', tier: tierAfterAttempt(claim.attempt), reason: failure.detail };
}

async function fail<Subject, Result>(
  job: Job<Subject, Result>,
  claim: ClaimedJob<Subject>,
  failure: Failure,
  context: JobContext,
  startedAt: number,
): Promise<Outcome> {
  const recorded = await job.fail(claim, failure);
  if (!recorded) return ack;
  tell(claim, context, startedAt, { outcome: 'failed', code: failure.code, reason: failure.detail });
  return { kind: 'dead', reason: `${failure.code}: ${failure.detail}` };
}

function tell(
  { attempt }: ClaimedJob<unknown>,
  { report, log }: JobContext,
  startedAt: number,
  end: Omit<JobEnd, 'attempt' | 'durationMs'>,
): void {
  report({ attempt, durationMs: performance.now() - startedAt, ...end }, log);
}

function failureOf(error: unknown): Failure {
  const coded =
    error instanceof PermanentError || error instanceof AppError || error instanceof DeadlineError;
  return { code: coded ? error.code : 'UNEXPECTED', detail: messageOf(error) };
}
