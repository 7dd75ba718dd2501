import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ReprocessQuery, Stamps } from '@image-organizer/adapters/catalog/reprocess';
import type { ReprocessEstimate } from '@image-organizer/contracts/http/reprocess';
import type { Stats } from '@image-organizer/contracts/http/stats';

/** How many images are to be read, and to be decided, again. */
export interface Work {
  extract: number;
  classify: number;
}

/** What that may take, by what the owner's images took so far. */
export async function estimate(
  catalog: Catalog,
  ownerId: string,
  work: Work,
  stamps: Stamps,
): Promise<ReprocessEstimate> {
  const stats = await catalog.stats(ownerId);
  const asked = stamps.classify?.asksModel
    ? work.classify * (await shareAsked(catalog, ownerId, stats, stamps))
    : 0;
  return { seconds: secondsOf(stats, work), ...llmOf(stats, asked) };
}

function secondsOf({ stages }: Stats, work: Work): number | null {
  const parts = [
    { images: work.extract, meanMs: stages.extract.meanMs },
    { images: work.classify, meanMs: stages.classify.meanMs },
    { images: work.classify, meanMs: stages.organize.meanMs },
  ].filter(({ images }) => images > 0);
  if (parts.some(({ meanMs }) => meanMs === null)) return null;
  return parts.reduce((sum, { images, meanMs }) => sum + (images * meanMs!) / 1_000, 0);
}

/** @param asked images for which the model is asked, about */
function llmOf({ stages, llm }: Stats, asked: number): Omit<ReprocessEstimate, 'seconds'> {
  const measured = stages.classify.count - llm.callsAvoided;
  const of = (total: number) => (asked === 0 ? 0 : measured > 0 ? (asked * total) / measured : null);
  const whole = (value: number | null) => value && Math.ceil(value);
  return {
    promptTokens: whole(of(llm.promptTokens)),
    completionTokens: whole(of(llm.completionTokens)),
    costUsd: of(llm.costUsd),
    llmCalls: whole(of(llm.calls)),
  };
}

/**
 * Of how many images the model is asked, 0 to 1; many are clear without it. Measured by those that were decided under
 * the present settings, and all where there are none: rather too much than too little.
 */
async function shareAsked(
  catalog: Catalog,
  ownerId: string,
  { stages, llm }: Stats,
  { classify }: Stamps,
): Promise<number> {
  const count = (query: Partial<ReprocessQuery>) => catalog.countReprocessable({ ownerId, ...query });
  const decidedNow = (await count({})) - (await count({ staleBy: { classify } }));
  const asked = stages.classify.count - llm.callsAvoided;
  return decidedNow === 0 ? 1 : Math.min(1, asked / decidedNow);
}
