import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { Service } from '@image-organizer/platform/service';
import { consumeEvents } from './consume-events.ts';
import { createJobReport } from './job-report.ts';
import { processJob, type Job } from './job.ts';
import { defaultRetryPolicy } from './retry-policy.ts';
import type { StageDependencies } from './run-stage.ts';

/** Something that goes out to the world once per key: an email, a webhook call. */
export interface DeliveryDefinition<Data> {
  name: string;
  consumes: QueueDefinition<Data>;
  concurrency: number;
  deadlineMs: number;
  /** The same event has the same key, whenever it comes. */
  keyOf(data: Data): string;
  /** PermanentError when it will never be taken; any other error is tried again. */
  send(data: Data, signal: AbortSignal): Promise<void>;
}

/** Consumes the queue and sends each key once: by a row of its own in the catalogue, claimed, sent, marked as sent. */
export function runDelivery<Data>(
  definition: DeliveryDefinition<Data>,
  dependencies: StageDependencies,
): Service {
  const report = createJobReport(dependencies.metrics, definition.name);
  const policy = dependencies.policy ?? defaultRetryPolicy;
  return consumeEvents(definition.consumes, definition, dependencies, ({ data, requestId, retries }) => {
    const log = dependencies.log.child({ delivery: definition.keyOf(data), requestId });
    return processJob(deliveryJob(definition, data, dependencies), {
      ...dependencies,
      log,
      report,
      policy,
      retries,
    });
  });
}

function deliveryJob<Data>(
  definition: DeliveryDefinition<Data>,
  data: Data,
  { catalog, clock, instanceId }: StageDependencies,
): Job<Data, void> {
  const key = definition.keyOf(data);
  return {
    name: definition.name,
    subject: key,
    deadlineMs: definition.deadlineMs,
    leaseMs: definition.deadlineMs + 10_000, // not renewed, so longer than the deadline
    async claim(leaseMs) {
      const claim = await catalog.claimDelivery({ key, owner: instanceId, now: clock.now(), leaseMs });
      if (claim.kind === 'leased') return claim;
      return claim.kind === 'claimed' ? { ...claim, subject: data } : { kind: 'settled' };
    },
    work: (_claim, signal) => definition.send(data, signal),
    commit: async ({ epoch }) =>
      (await catalog.completeDelivery({ key, epoch }, clock.now())) ? 'committed' : 'fenced',
    release: ({ epoch }, failure) => catalog.releaseDelivery({ key, epoch }, failure),
    fail: ({ epoch }, failure) => catalog.failDelivery({ key, epoch }, failure),
  };
}
