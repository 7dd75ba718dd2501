import type { Stats } from '@image-organizer/contracts/http/stats';
import { stageNames, type ImageStatus, type StageName } from '@image-organizer/contracts/vocabulary';
import { mean, percentile } from './timings.ts';

/** Times are taken from so many of the owner's newest images. */
export const timedImages = 1_000;

/** Living images that are alike in status and stage. */
export interface Tally {
  status: ImageStatus;
  /** The first stage that is not done; null when all are. */
  stage: StageName | null;
  images: number;
  bytes: number;
  /** What asking language models cost by the decisions. */
  calls: number;
  promptTokens: number;
  completionTokens: number;
  /** USD × 10⁹: whole, so that what is added and taken away again leaves nothing. */
  nanoUsd: number;
  /** Decisions without usage: they were made without asking. */
  callsAvoided: number;
}

/** One image's milliseconds: of each stage's last attempt, and from its upload to its place; null where it is not so far. */
export type Times = Record<StageName | 'total', number | null>;

/** A person's numbers, from counts of all images and times of the newest. */
export function summary(tallies: Tally[], times: Times[]): Stats {
  const withStatus = (status: ImageStatus) => imagesIn(tallies.filter((tally) => tally.status === status));
  const [organized, failed] = [withStatus('organized'), withStatus('failed')];
  return {
    images: {
      total: imagesIn(tallies),
      queued: withStatus('queued'),
      processing: withStatus('processing'),
      organized,
      failed,
    },
    successRate: organized + failed === 0 ? null : organized / (organized + failed),
    averageProcessingMs: mean(timesOf(times, 'total')),
    stages: Object.fromEntries(
      stageNames.map((stage) => [stage, stageSummary(stage, tallies, times)]),
    ) as Stats['stages'],
    bytes: sum(tallies, 'bytes'),
    llm: {
      calls: sum(tallies, 'calls'),
      promptTokens: sum(tallies, 'promptTokens'),
      completionTokens: sum(tallies, 'completionTokens'),
      costUsd: sum(tallies, 'nanoUsd') / 1e9,
      callsAvoided: sum(tallies, 'callsAvoided'),
    },
  };
}

function stageSummary(stage: StageName, tallies: Tally[], times: Times[]): Stats['stages'][StageName] {
  const isPast = (other: StageName | null) =>
    other === null || stageNames.indexOf(other) > stageNames.indexOf(stage);
  const durations = timesOf(times, stage);
  return {
    count: imagesIn(tallies.filter((tally) => isPast(tally.stage))),
    failed: imagesIn(tallies.filter((tally) => tally.stage === stage && tally.status === 'failed')),
    meanMs: mean(durations),
    p95Ms: percentile(durations, 0.95),
  };
}

const sum = (tallies: Tally[], name: Exclude<keyof Tally, 'status' | 'stage'>): number =>
  tallies.reduce((total, tally) => total + tally[name], 0);

const imagesIn = (tallies: Tally[]): number => sum(tallies, 'images');

const timesOf = (times: Times[], name: keyof Times): number[] =>
  times.map((row) => row[name]).filter((value) => value !== null);
