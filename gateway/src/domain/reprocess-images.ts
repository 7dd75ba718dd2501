import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ReprocessQuery, ReprocessStage, Stamps } from '@image-organizer/adapters/catalog/reprocess';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { ReprocessEstimate, ReprocessRequest } from '@image-organizer/contracts/http/reprocess';
import type { Lane } from '@image-organizer/contracts/vocabulary';
import { stageTrigger } from '@image-organizer/pipeline/stage-trigger';
import { AppError } from '@image-organizer/platform/errors';
import type { CorrectionDependencies } from './correct-image.ts';
import { estimate, type Work } from './reprocess-estimate.ts';

export class NothingToReprocessError extends AppError {
  readonly code = 'NOTHING_TO_REPROCESS';
  readonly kind = 'conflict';
  constructor(stage: ReprocessStage) {
    super(`Stage ${stage} of the image is not done yet: wait for it, or retry it where it failed.`);
  }
}

type Person = { id: string; email: string };
type Selection = Pick<ReprocessRequest, 'filter' | 'stages'>;

const pageSize = 100;

/** Begins one image's stages again, before others. @throws NothingToReprocessError */
export async function reprocessImage(
  dependencies: CorrectionDependencies,
  person: Person,
  image: ImageRecord,
  stages: ReprocessStage[] | undefined,
): Promise<void> {
  const stage = firstOf(stages);
  if (!(await begin(dependencies, person, image, stage, 'interactive')))
    throw new NothingToReprocessError(stage);
}

/** Counts what would be done again, and what it may take. */
export async function planReprocess(
  { catalog }: { catalog: Catalog },
  ownerId: string,
  selection: Selection,
): Promise<{ images: number; estimate: ReprocessEstimate }> {
  const stamps = await catalog.stamps();
  const images = await catalog.countReprocessable(queryOf(ownerId, selection, stamps));
  const work: Work = {
    classify: images,
    extract: await countExtract(catalog, ownerId, selection, stamps, images),
  };
  return { images, estimate: await estimate(catalog, ownerId, work, stamps) };
}

/** Begins them again, behind everybody who waits for an image. What is under way already is left alone. @returns how many */
export async function reprocessMany(
  dependencies: CorrectionDependencies,
  person: Person,
  selection: Selection,
): Promise<number> {
  const { catalog } = dependencies;
  const stamps = await catalog.stamps();
  const query = queryOf(person.id, selection, stamps);
  let queued = 0;
  for (let after = ''; ;) {
    const page = await catalog.listReprocessable({ ...query, after, limit: pageSize });
    for (const image of page) {
      const stage = stageOf(image, selection, stamps);
      if (await begin(dependencies, person, image, stage, 'bulk')) queued += 1;
    }
    if (page.length < pageSize) return queued;
    after = page.at(-1)!.id;
  }
}

async function begin(
  { catalog, clock, relayHint }: CorrectionDependencies,
  { id: ownerId, email: by }: Person,
  image: ImageRecord,
  stage: ReprocessStage,
  lane: Lane,
): Promise<boolean> {
  const now = clock.now();
  const event = stageTrigger({ ...image, lane }, stage, now);
  const begun = await catalog.reprocessStage({ ownerId, imageId: image.id, stage, lane, by, now, event });
  if (begun) relayHint(event);
  return begun;
}

const queryOf = (ownerId: string, { filter, stages }: Selection, stamps: Stamps): ReprocessQuery => ({
  ownerId,
  ...(filter.folder !== undefined && { folder: filter.folder }),
  ...(filter.batch !== undefined && { batchId: filter.batch }),
  ...(filter.stale && { staleBy: staleBy(stages, stamps) }),
});

/** Of the stages that are wanted, those whose settings are known. */
const staleBy = (stages: ReprocessStage[] | undefined, { extract, classify }: Stamps): Stamps => ({
  ...(extract && (stages ?? ['extract']).includes('extract') && { extract }),
  ...(classify && (stages ?? ['classify']).includes('classify') && { classify }),
});

function stageOf(image: ImageRecord, { filter, stages }: Selection, stamps: Stamps): ReprocessStage {
  if (!filter.stale) return firstOf(stages);
  const { extract } = staleBy(stages, stamps);
  return extract && image.readUnder !== extract.text ? 'extract' : 'classify';
}

/** How many of the images begin with being read again. */
async function countExtract(
  catalog: Catalog,
  ownerId: string,
  selection: Selection,
  stamps: Stamps,
  all: number,
): Promise<number> {
  if (!selection.filter.stale) return firstOf(selection.stages) === 'extract' ? all : 0;
  const { extract } = staleBy(selection.stages, stamps);
  const query = queryOf(ownerId, selection, stamps);
  return catalog.countReprocessable({ ...query, staleBy: extract ? { extract } : {} });
}

const firstOf = (stages: ReprocessStage[] = ['extract']): ReprocessStage =>
  stages.includes('extract') ? 'extract' : 'classify';
