import type { ImageStatus, StageName } from '@image-organizer/contracts/vocabulary';
import type { LibraryCatalog } from '../catalog.ts';
import { summary, timedImages, type Tally, type Times } from '../stats-summary.ts';
import type { Collections, Store } from './store.ts';
import type { TallyDocument } from './tally-counts.ts';
import { uploadedWithin } from './upload-days.ts';

type Numbers = Pick<LibraryCatalog, 'stats' | 'usageOf' | 'recountTallies'>;

/** Numbers of a person's living images: counts of all, which are kept; times of the newest. */
export const createStats = (store: Store): Numbers => ({
  async stats(ownerId) {
    const document = await store.tallies.of(ownerId);
    const times = await store.run((collections) => timesOf(collections, document));
    return summary(talliesIn(document), times);
  },
  async usageOf(ownerId) {
    const groups = Object.values((await store.tallies.of(ownerId)).groups ?? {});
    const sum = (name: 'images' | 'bytes') => groups.reduce((total, group) => total + (group[name] ?? 0), 0);
    return { images: sum('images'), bytes: sum('bytes') };
  },
  recountTallies: (now, limit) => store.tallies.recount(now, limit),
});

const nothing = {
  ...{ images: 0, bytes: 0, calls: 0, promptTokens: 0, completionTokens: 0, nanoUsd: 0, callsAvoided: 0 },
};

const talliesIn = ({ groups = {} }: TallyDocument): Tally[] =>
  Object.entries(groups)
    .filter(([name]) => !name.startsWith('trashed'))
    .map(([name, group]) => {
      const [status, stage] = name.split(' ') as [ImageStatus, StageName | 'none'];
      return { ...nothing, ...group, status, stage: stage === 'none' ? null : stage };
    });

async function timesOf(
  { images }: Collections,
  { _id: ownerId, days = {} }: TallyDocument,
): Promise<Times[]> {
  const durationMs = {
    'stages.extract.durationMs': 1,
    'stages.classify.durationMs': 1,
    'stages.organize.durationMs': 1,
  };
  const newest = await images
    .find(
      { ownerId, deletedAt: null, ...uploadedWithin(days, timedImages, { descending: true }) },
      {
        sort: { uploadedAt: -1, _id: -1 },
        limit: timedImages,
        hint: 'images_by_upload',
        projection: { ...durationMs, uploadedAt: 1, organizedAt: 1 },
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
