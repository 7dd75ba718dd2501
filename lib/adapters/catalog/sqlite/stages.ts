import type { Claim, ClaimOutcome, StageCatalog } from '../catalog.ts';
import { nameKey } from '../cursor.ts';
import type { ImageRecord, OutboxEntry, PlacementRecord } from '../records.ts';
import {
  attemptFailed,
  claimed,
  completed,
  failed,
  isDue,
  isLeased,
  postponed,
  renewed,
  retried,
  withResult,
} from '../stage-changes.ts';
import type { Database } from '../../sqlite/database.ts';
import { imageTable, type ImageTable } from './images.ts';
import { recordEvent } from './outbox.ts';

type Stages = Omit<StageCatalog, 'stuckStages' | 'requeueStage'>;

/** The stages of an image: claim → report → complete, release or fail. */
export function createStages(database: Database): Stages {
  const images = imageTable(database);

  /** Changes what the claim holds. @returns false when fenced */
  const changeHeld = (
    claim: Claim,
    change: (image: ImageRecord) => ImageRecord,
    { now, event }: { now?: Date; event?: OutboxEntry } = {},
  ): boolean =>
    database.transaction(() => {
      const image = findHeld(images, claim);
      if (!image) return false;
      images.update(change(image), now);
      if (event) recordEvent(database, image.id, event);
      return true;
    });

  return {
    claimStage: async (request) => database.transaction(() => claim(images, request)),
    renewLease: async (claim, until) => changeHeld(claim, (image) => renewed(image, claim.stage, until)),
    reportProgress: async (claim, part) => changeHeld(claim, (image) => withResult(image, part)),
    completeStage: async (claim, completion) =>
      database.transaction(() => {
        const before = findHeld(images, claim);
        if (!before) return 'fenced';
        const image = completed(before, claim.stage, completion);
        if (claim.stage === 'organize' && isNameTaken(database, image, image.placement!)) return 'name-taken';
        images.update(image, completion.now);
        if (completion.event) recordEvent(database, image.id, completion.event);
        return 'committed';
      }),
    releaseStage: async (claim, { now, failure }) =>
      changeHeld(
        claim,
        (image) =>
          failure ? attemptFailed(image, claim.stage, failure, now) : postponed(image, claim.stage),
        { now },
      ),
    failStage: async (claim, { now, failure, event }) =>
      changeHeld(claim, (image) => failed(image, claim.stage, failure, now), { now, event }),
    retryStage: async ({ ownerId, imageId, stage, now, event }) =>
      database.transaction(() => {
        const image = images.find(imageId);
        if (image?.ownerId !== ownerId || image.deletedAt || image.stages[stage].status !== 'failed')
          return false;
        images.update(retried(image, stage, now), now);
        recordEvent(database, imageId, event);
        return true;
      }),
  };
}

function claim(images: ImageTable, request: Parameters<StageCatalog['claimStage']>[0]): ClaimOutcome {
  const { ownerId, imageId, stage, now } = request;
  const image = images.find(imageId);
  if (image?.ownerId !== ownerId) return { kind: 'missing' };
  if (image.deletedAt) return { kind: 'deleted' };
  const state = image.stages[stage];
  if (isLeased(state, now)) return { kind: 'leased', until: state.leaseUntil! };
  if (state.status === 'done' || state.status === 'failed' || !isDue(image, stage))
    return { kind: 'settled', image };
  const next = claimed(image, stage, request);
  images.update(next);
  return {
    kind: 'claimed',
    epoch: next.stages[stage].epoch,
    attempt: next.stages[stage].attempts,
    image: next,
  };
}

/** The image while the claim still holds: nobody claimed the stage since, nor did it end, nor was the image deleted. */
function findHeld(images: ImageTable, { imageId, stage, epoch }: Claim): ImageRecord | undefined {
  const image = images.find(imageId);
  const state = image?.stages[stage];
  return state?.status === 'running' && state.epoch === epoch && !image?.deletedAt ? image : undefined;
}

/** Asked inside the transaction; the unique index stands behind it. */
export const isNameTaken = (
  database: Database,
  { id, ownerId }: ImageRecord,
  { folder, filename }: PlacementRecord,
): boolean =>
  database.get(
    `SELECT 1 FROM images
     WHERE owner_id = :ownerId AND folder = :folder AND placed_name = :name AND deleted_at IS NULL AND id <> :id`,
    { id, ownerId, folder, name: nameKey(filename) },
  ) !== undefined;
