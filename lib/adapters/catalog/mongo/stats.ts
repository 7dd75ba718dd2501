import type { Stats } from '@image-organizer/contracts/http/stats';
import { stageNames, type ImageStatus, type StageName } from '@image-organizer/contracts/vocabulary';
import type { LibraryCatalog } from '../catalog.ts';
import { mean, percentile } from '../timings.ts';
import type { ImageDocument } from './documents.ts';
import type { Collections, Store } from './store.ts';

/** Times are taken from so many of the owner's newest images. */
const timedImages = 1_000;

interface Group {
  _id: { status: ImageStatus; stage: StageName | null };
  count: number;
  bytes: number;
}
type Timed = Pick<ImageDocument, 'stages' | 'uploadedAt' | 'organizedAt'>;

/** Numbers of a person's living images: counts of all, times of the newest. */
export const createStats = (store: Store): Pick<LibraryCatalog, 'stats'> => ({
  stats: (ownerId) =>
    store.run(async (collections) => {
      const [groups, timed, llm] = await Promise.all([
        groupsOf(collections, ownerId),
        newestOf(collections, ownerId),
        llmOf(collections, ownerId),
      ]);
      return { ...summary(groups, timed), llm };
    }),
});

const groupsOf = ({ images }: Collections, ownerId: string): Promise<Group[]> =>
  images
    .aggregate<Group>([
      { $match: { ownerId, deletedAt: null } },
      {
        $group: {
          _id: { status: '$status', stage: '$stage' },
          count: { $sum: 1 },
          bytes: { $sum: '$size' },
        },
      },
    ])
    .toArray();

const newestOf = ({ images }: Collections, ownerId: string): Promise<Timed[]> =>
  images
    .find(
      { ownerId, deletedAt: null },
      {
        sort: { uploadedAt: -1, _id: -1 },
        limit: timedImages,
        projection: { stages: 1, uploadedAt: 1, organizedAt: 1 },
      },
    )
    .toArray();

/** What asking a language model cost by the decisions; a decision without usage was made without asking. */
async function llmOf({ images }: Collections, ownerId: string): Promise<Stats['llm']> {
  const [costs] = await images
    .aggregate<Omit<Stats['llm'], 'callsAvoided'>>([
      { $match: { ownerId, 'decision.usage.calls': { $gte: 0 }, deletedAt: null } },
      {
        $group: {
          _id: null,
          calls: { $sum: '$decision.usage.calls' },
          promptTokens: { $sum: '$decision.usage.promptTokens' },
          completionTokens: { $sum: '$decision.usage.completionTokens' },
          costUsd: { $sum: '$decision.usage.costUsd' },
        },
      },
      { $project: { _id: 0 } },
    ])
    .toArray();
  const callsAvoided = await images.countDocuments({
    ownerId,
    'decision.model': { $gt: '' },
    'decision.usage.calls': null,
    deletedAt: null,
  });
  return { ...(costs ?? { calls: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 }), callsAvoided };
}

function summary(groups: Group[], timed: Timed[]): Omit<Stats, 'llm'> {
  const withStatus = (status: ImageStatus) => countOf(groups.filter(({ _id }) => _id.status === status));
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
    averageProcessingMs: mean(
      timed.flatMap(({ uploadedAt, organizedAt }) =>
        organizedAt ? [organizedAt.getTime() - uploadedAt.getTime()] : [],
      ),
    ),
    stages: Object.fromEntries(
      stageNames.map((stage) => [stage, stageSummary(stage, groups, timed)]),
    ) as Stats['stages'],
    bytes: groups.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function stageSummary(stage: StageName, groups: Group[], timed: Timed[]): Stats['stages'][StageName] {
  const isPast = (other: StageName | null) =>
    other === null || stageNames.indexOf(other) > stageNames.indexOf(stage);
  const durations = timed.flatMap(({ stages }) => stages[stage].durationMs ?? []);
  return {
    count: countOf(groups.filter(({ _id }) => isPast(_id.stage))),
    failed: countOf(groups.filter(({ _id }) => _id.stage === stage && _id.status === 'failed')),
    meanMs: mean(durations),
    p95Ms: percentile(durations, 0.95),
  };
}

const countOf = (groups: Group[]): number => groups.reduce((sum, { count }) => sum + count, 0);
