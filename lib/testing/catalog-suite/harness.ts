import { randomUUID } from 'node:crypto';
import { stageNames, type Failure, type StageName } from '@image-organizer/contracts/vocabulary';
import type { Catalog, Claim } from '@image-organizer/adapters/catalog/catalog';
import type {
  ImageRecord,
  NewImage,
  OutboxEntry,
  StageResults,
} from '@image-organizer/adapters/catalog/records';
import { newImage, organizeResult, outboxEntry, stageResults } from '../builders.ts';

export interface CatalogHarness {
  catalog: Catalog;
  /** Sets the image's `deletedAt` by the adapter's own means: no call of the port deletes yet. */
  markDeleted: (imageId: string) => Promise<void>;
  dispose(): Promise<void>;
}

/** The catalogue of the test that is running. */
export type Current = () => CatalogHarness;

export const start = new Date('2026-11-21T09:00:00.000Z');
/** `seconds` after the tests' beginning of time. */
export const at = (seconds: number): Date => new Date(start.getTime() + seconds * 1_000);

export const blurred: Failure = { code: 'BLURRED', detail: 'nothing can be read' };

/** Accepts an image and marks its event as published, as the relay would. */
export async function accept(catalog: Catalog, overrides: Partial<NewImage> = {}): Promise<ImageRecord> {
  const event = outboxEntry();
  const { image } = await catalog.acceptImage(newImage(overrides), event);
  await catalog.markPublished(event);
  return image;
}

type ImageIds = Pick<ImageRecord, 'id' | 'ownerId'>;

export const tryClaim = (
  catalog: Catalog,
  { id, ownerId }: ImageIds,
  stage: StageName,
  {
    now = start,
    leaseMs = 30_000,
    owner = 'worker-1',
  }: { now?: Date; leaseMs?: number; owner?: string } = {},
) => catalog.claimStage({ ownerId, imageId: id, stage, owner, now, leaseMs });

/** Claims a stage that is free. */
export async function claim<Stage extends StageName>(
  catalog: Catalog,
  image: ImageIds,
  stage: Stage,
  options?: Parameters<typeof tryClaim>[3],
): Promise<Claim<Stage>> {
  const outcome = await tryClaim(catalog, image, stage, options);
  if (outcome.kind !== 'claimed')
    throw new Error(`${stage} of ${image.id} cannot be claimed: ${outcome.kind}`);
  return { imageId: image.id, stage, epoch: outcome.epoch };
}

export const completion = <Stage extends StageName>(
  stage: Stage,
  overrides: {
    result?: StageResults[Stage];
    durationMs?: number;
    now?: Date;
    event?: OutboxEntry | null;
  } = {},
) => ({
  result: stageResults()[stage],
  durationMs: 100,
  now: start,
  event: null,
  ...overrides,
});

/** Takes a new image through its stages as far as `until`, that one included. */
export async function advance(
  catalog: Catalog,
  image: ImageIds,
  until: StageName,
  {
    results = {},
    now = start,
    durationMs = 100,
  }: { results?: Partial<StageResults>; now?: Date; durationMs?: number } = {},
): Promise<ImageRecord> {
  // Without names of their own images would clash in their folder.
  const organize = organizeResult({ filename: `${image.id}.jpg` });
  const all = stageResults({ organize, ...results });
  for (const stage of stageNames.slice(0, stageNames.indexOf(until) + 1)) {
    const held = await claim(catalog, image, stage, { now });
    const committed = await catalog.completeStage(
      held,
      completion(stage, { result: all[stage], now, durationMs }),
    );
    if (committed !== 'committed') throw new Error(`${stage} of ${image.id}: ${committed}`);
  }
  return (await catalog.getImage(image.ownerId, image.id))!;
}

/** Accepts an image and takes it through all stages. */
export async function organized(
  catalog: Catalog,
  overrides: Partial<NewImage> = {},
  results: Partial<StageResults> = {},
): Promise<ImageRecord> {
  return advance(catalog, await accept(catalog, overrides), 'organize', { results });
}

/** Fails the image's first stage for good. */
export async function failFirstStage(catalog: Catalog, image: ImageIds, now = start): Promise<void> {
  const held = await claim(catalog, image, 'extract', { now });
  const event = outboxEntry({ event: 'image.failed' });
  await catalog.failStage(held, { now, failure: blurred, event });
  await catalog.markPublished(event);
}

export const outboxIds = async (catalog: Catalog): Promise<string[]> =>
  (await catalog.dueOutbox(1_000)).map(({ id }) => id);

export const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

export const ownerIds = (): [string, string] => [randomUUID(), randomUUID()];
