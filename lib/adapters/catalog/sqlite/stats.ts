import type { Stats } from '@image-organizer/contracts/http/stats';
import { stageNames, type ImageStatus, type StageName } from '@image-organizer/contracts/vocabulary';
import type { LibraryCatalog } from '../catalog.ts';
import { mean, percentile } from '../timings.ts';
import type { Database } from '../../sqlite/database.ts';

/** Times are taken from so many of the owner's newest images. */
const timedImages = 1_000;

interface Group {
  status: ImageStatus;
  /** The first stage that is not done; null when all are. */
  stage: StageName | null;
  count: number;
  bytes: number;
}

type Times = Record<StageName | 'total', number | null>;

/** Numbers of a person's living images: counts of all, from one index; times of the newest. */
export const createStats = (database: Database): Pick<LibraryCatalog, 'stats'> => ({
  async stats(ownerId) {
    const groups = database.all<Group>(
      `SELECT status, stage, count(*) AS count, sum(size) AS bytes FROM images
       WHERE owner_id = :ownerId AND deleted_at IS NULL GROUP BY status, stage`,
      { ownerId },
    );
    const times = database.all<Times>(
      `SELECT extract_ms AS extract, classify_ms AS classify, organize_ms AS organize,
         1000 * (unixepoch(organized_at, 'subsec') - unixepoch(uploaded_at, 'subsec')) AS total
       FROM images WHERE owner_id = :ownerId AND deleted_at IS NULL ORDER BY uploaded_at DESC, id DESC LIMIT :limit`,
      { ownerId, limit: timedImages },
    );
    return { ...summary(groups, times), llm: llm(database, ownerId) };
  },
});

function summary(groups: Group[], times: Times[]): Omit<Stats, 'llm'> {
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

/** What asking a language model cost by the decisions; a decision without usage was made without asking. */
const llm = (database: Database, ownerId: string): Stats['llm'] => ({
  ...database.get<Omit<Stats['llm'], 'callsAvoided'>>(
    `SELECT coalesce(sum(llm_calls), 0) AS calls, coalesce(sum(llm_prompt_tokens), 0) AS promptTokens,
       coalesce(sum(llm_completion_tokens), 0) AS completionTokens, coalesce(sum(llm_cost_usd), 0) AS costUsd
     FROM images WHERE owner_id = :ownerId AND llm_calls IS NOT NULL AND deleted_at IS NULL`,
    { ownerId },
  )!,
  callsAvoided: database.get<{ count: number }>(
    `SELECT count(*) AS count FROM images
     WHERE owner_id = :ownerId AND decided_by IS NOT NULL AND llm_calls IS NULL AND deleted_at IS NULL`,
    { ownerId },
  )!.count,
});

const countOf = (groups: Group[]): number => groups.reduce((sum, { count }) => sum + count, 0);

const timesOf = (times: Times[], name: keyof Times): number[] =>
  times.map((row) => row[name]).filter((value) => value !== null);
