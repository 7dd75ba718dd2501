import { stageNames, type StageName } from '@image-organizer/contracts/vocabulary';
import type { Catalog, Claim } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord, OutboxEntry, StageResults } from '@image-organizer/adapters/catalog/records';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { consumeEvents } from './consume-events.ts';
import type { StageDefinition } from './define-stage.ts';
import { createJobReport } from './job-report.ts';
import { FencedError, processJob, type ClaimedJob, type Job } from './job.ts';
import { imageFailedEntry, imageOrganizedEntry } from './outbox-entry.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts';
import { stageTrigger } from './stage-trigger.ts';

/** What every stage runs on. */
export interface StageDependencies {
  bus: MessageBus;
  catalog: Catalog;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Names this process in leases. */
  instanceId: string;
  /** Called with every entry that a commit recorded: the relay publishes it at once. */
  relayHint: (entry: OutboxEntry) => void;
  policy?: RetryPolicy;
  /** Short, because it is renewed while the work goes on: a lost worker's image waits no longer than this. 30 s. */
  leaseMs?: number;
}

type StageIds = { imageId: string; ownerId: string };

/** Consumes the stage's queue and works on each image by the delivery protocol. */
export function runStage<Stage extends StageName, Data extends StageIds>(
  definition: StageDefinition<Stage, Data>,
  dependencies: StageDependencies,
): Service {
  const report = createJobReport(dependencies.metrics, definition.name);
  const policy = dependencies.policy ?? defaultRetryPolicy;
  return consumeEvents(definition.consumes, definition, dependencies, ({ data, requestId, retries }) => {
    const log = dependencies.log.child({ stage: definition.name, imageId: data.imageId, requestId });
    const job = stageJob(definition, data, { ...dependencies, log });
    return processJob(job, { ...dependencies, log, report, policy, retries });
  });
}

function stageJob<Stage extends StageName, Data extends StageIds>(
  definition: StageDefinition<Stage, Data>,
  { imageId, ownerId }: StageIds,
  { catalog, clock, instanceId, log, relayHint, leaseMs = 30_000 }: StageDependencies,
): Job<ImageRecord, StageResults[Stage]> {
  const stage = definition.name;
  const claimOf = ({ epoch }: ClaimedJob<ImageRecord>): Claim<Stage> => ({ imageId, stage, epoch });
  return {
    name: stage,
    subject: imageId,
    deadlineMs: definition.deadlineMs,
    leaseMs,
    async claim(leaseMs) {
      const claim = await catalog.claimStage({
        imageId,
        ownerId,
        stage,
        owner: instanceId,
        now: clock.now(),
        leaseMs,
      });
      if (claim.kind !== 'claimed') return claim;
      const losses = lostAttempts(claim.image, stage);
      return { ...claim, subject: claim.image, attempt: claim.attempt - losses, losses };
    },
    renew: (claim, until) => catalog.renewLease(claimOf(claim), until),
    work: (claim, signal) =>
      definition.work(claim.subject, {
        epoch: claim.epoch,
        attempt: claim.attempt,
        signal,
        log,
        async report(part) {
          if (!(await catalog.reportProgress(claimOf(claim), part)))
            throw new FencedError('somebody else has it now');
        },
      }),
    async commit(claim, result, durationMs) {
      const now = clock.now();
      const event = nextEvent(claim.subject, stage, result, now);
      const committed = await catalog.completeStage(claimOf(claim), { result, durationMs, now, event });
      if (committed === 'committed') relayHint(event);
      return committed === 'name-taken' ? 'again' : committed;
    },
    release: (claim, failure) => catalog.releaseStage(claimOf(claim), { now: clock.now(), failure }),
    async fail(claim, failure) {
      const now = clock.now();
      const event = imageFailedEntry(claim.subject, stage, failure, now);
      const failed = await catalog.failStage(claimOf(claim), { now, failure, event });
      if (failed) relayHint(event);
      return failed;
    },
    discard: definition.discard && ((claim) => definition.discard!(claim.subject, claim.epoch)),
  };
}

/** How many attempts of this round ended with their process. */
function lostAttempts({ history }: ImageRecord, stage: StageName): number {
  const entries = history.filter((entry) => entry.stage === stage);
  const round = entries.slice(
    entries.findLastIndex(({ event }) => event === 'retried' || event === 'reprocessed') + 1,
  );
  return round.filter(({ event }) => event === 'lost').length;
}

/** The event that tells of the stage's end: it begins the next stage, or the follow-ups of the last. */
function nextEvent(image: ImageRecord, stage: StageName, result: object, now: Date): OutboxEntry {
  const next = stageNames[stageNames.indexOf(stage) + 1];
  const changed = { ...image, ...result };
  return next ? stageTrigger(changed, next, now) : imageOrganizedEntry(changed, now, image.placement);
}
