import type { Stats } from '@image-organizer/contracts/http/stats';
import type { LibraryCatalog } from '../catalog.ts';
import { summary, timedImages, type Group, type Times } from '../stats-summary.ts';
import type { Collections, Store } from './store.ts';

/** Numbers of a person's living images: counts of all, times of the newest. */
export const createStats = (store: Store): Pick<LibraryCatalog, 'stats'> => ({
  stats: (ownerId) =>
    store.run(async (collections) => {
      const [groups, times, llm] = await Promise.all([
        groupsOf(collections, ownerId),
        timesOf(collections, ownerId),
        llmOf(collections, ownerId),
      ]);
      return { ...summary(groups, times), llm };
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
      { $project: { _id: 0, status: '$_id.status', stage: '$_id.stage', count: 1, bytes: 1 } },
    ])
    .toArray();

async function timesOf({ images }: Collections, ownerId: string): Promise<Times[]> {
  const newest = await images
    .find(
      { ownerId, deletedAt: null },
      {
        sort: { uploadedAt: -1, _id: -1 },
        limit: timedImages,
        projection: { stages: 1, uploadedAt: 1, organizedAt: 1 },
      },
    )
    .toArray();
  return newest.map(({ stages, uploadedAt, organizedAt }) => ({
    extract: stages.extract.durationMs,
    classify: stages.classify.durationMs,
    organize: stages.organize.durationMs,
    total: organizedAt && organizedAt.getTime() - uploadedAt.getTime(),
  }));
}

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
