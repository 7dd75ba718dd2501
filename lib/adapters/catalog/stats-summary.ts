import type { Stats } from '@image-organizer/contracts/http/stats';
import { stageNames, type ImageStatus, type StageName } from '@image-organizer/contracts/vocabulary';
import { mean, percentile } from './timings.ts';

/** Times are taken from so many of the owner's newest images. */
export const timedImages = 1_000;

/** Living images that are alike in status and stage. */
export interface Group {
  status: ImageStatus;
  /** The first stage that is not done; null when all are. */
  stage: StageName | null;
  count: number;
  bytes: number;
}

/** One image's milliseconds: of each stage's last attempt, and from its upload to its place; null where it is not so far. */
export type Times = Record<StageName | 'total', number | null>;

/** A person's numbers, from counts of all images and times of the newest. */
export function summary(groups: Group[], times: Times[]): Omit<Stats, 'llm'> {
  const withStatus = (status: ImageStatus) => countOf(groups.filter((group) => group.status === status));
  const [organized, failed] = [withStatus('organized'), withStatus('failed')];
  return {
    images: {
      total: countOf(groups),
      queued: withStatus('queued'),
      processing: withStatus('processing'),
      organized,
      failed,
    },
    successRate: organized + failed === 0 ? null : organized / (organized + failed),
    averageProcessingMs: mean(timesOf(times, 'total')),
    stages: Object.fromEntries(
      stageNames.map((stage) => [stage, stageSummary(stage, groups, times)]),
    ) as Stats['stages'],
    bytes: groups.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function stageSummary(stage: StageName, groups: Group[], times: Times[]): Stats['stages'][StageName] {
  const isPast = (other: StageName | null) =>
    other === null || stageNames.indexOf(other) > stageNames.indexOf(stage);
  const durations = timesOf(times, stage);
  return {
    count: countOf(groups.filter((group) => isPast(group.stage))),
    failed: countOf(groups.filter((group) => group.stage === stage && group.status === 'failed')),
    meanMs: mean(durations),
    p95Ms: percentile(durations, 0.95),
  };
}

const countOf = (groups: Group[]): number => groups.reduce((sum, { count }) => sum + count, 0);

const timesOf = (times: Times[], name: keyof Times): number[] =>
  times.map((row) => row[name]).filter((value) => value !== null);
