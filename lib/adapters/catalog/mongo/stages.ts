import type { StageName } from '@image-organizer/contracts/vocabulary';
import type { Claim, ClaimOutcome, StageCatalog } from '../catalog.ts';
import { nameKey } from '../cursor.ts';
import type { ImageRecord, OutboxEntry, StageResults } from '../records.ts';
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
import { changeDocument, trackWrite, type Change } from './change-document.ts';
import { imageChanges, toImage, type ImageDocument } from './documents.ts';
import { createLastWritten, type LastWritten } from './last-written.ts';
import { isDuplicate, type Collections, type Store } from './store.ts';

type Stages = Omit<StageCatalog, 'stuckStages' | 'requeueStage'>;

/** The stages of an image: claim → report → complete, release or fail. */
export function createStages(store: Store): Stages {
  /** Who holds a claim wrote the image last, as a rule. */
  const lastWritten = createLastWritten<ImageDocument>();

  /** Changes what the claim holds. @returns false when fenced */
  const changeHeld = (
    claim: Claim,
    change: (image: ImageRecord) => ImageRecord,
    told: { now?: Date; event?: OutboxEntry | null } = {},
  ): Promise<boolean> =>
    changeImage(store, claim.imageId, (document) => ifHeld(document, claim, change, told), lastWritten);

  return {
    claimStage: (request) =>
      changeImage(store, request.imageId, (document) => claim(document, request), lastWritten),
    renewLease: (claim, until) => changeHeld(claim, (image) => renewed(image, claim.stage, until)),
    reportProgress: (claim, part) => changeHeld(claim, (image) => withResult(image, part)),
    async completeStage(claim, completion) {
      const tracker = trackWrite<boolean>();
      try {
        return await store.run(async (collections, isRetry) => {
          if (isRetry && (await isNameTaken(collections, claim, completion.result))) return 'name-taken';
          const isCommitted = await changeDocument(
            collections.images,
            claim.imageId,
            tracker,
            (document) =>
              ifHeld(document, claim, (image) => completed(image, claim.stage, completion), completion),
            // The read keeps those apart who want one name: see isNameTaken.
            'placement' in completion.result ? undefined : lastWritten,
          );
          return isCommitted ? 'committed' : 'fenced';
        });
      } catch (error) {
        if (isDuplicate(error, 'images_by_place')) return 'name-taken';
        throw error;
      }
    },
    releaseStage: (claim, { now, failure }) =>
      changeHeld(
        claim,
        (image) =>
          failure ? attemptFailed(image, claim.stage, failure, now) : postponed(image, claim.stage),
        { now },
      ),
    failStage: (claim, { now, failure, event }) =>
      changeHeld(claim, (image) => failed(image, claim.stage, failure, now), { now, event }),
    retryStage: ({ ownerId, imageId, stage, now, event }) =>
      changeImage(store, imageId, (document) => {
        const isFailed = document?.stages[stage].status === 'failed';
        if (document?.ownerId !== ownerId || document.deletedAt || !isFailed) return { outcome: false };
        return {
          outcome: true,
          set: imageChanges(document, retried(toImage(document), stage, now), now),
          event,
        };
      }),
  };
}

/** One compare-and-set of an image: see `changeDocument`. */
export function changeImage<Outcome>(
  store: Store,
  imageId: string,
  decide: (document: ImageDocument | undefined) => Change<ImageDocument, Outcome>,
  lastWritten?: LastWritten<ImageDocument>,
): Promise<Outcome> {
  const tracker = trackWrite<Outcome>();
  return store.run(({ images }) => changeDocument(images, imageId, tracker, decide, lastWritten));
}

function claim(
  document: ImageDocument | undefined,
  request: Parameters<StageCatalog['claimStage']>[0],
): Change<ImageDocument, ClaimOutcome> {
  const { ownerId, stage, now } = request;
  if (document?.ownerId !== ownerId) return { outcome: { kind: 'missing' } };
  if (document.deletedAt) return { outcome: { kind: 'deleted' } };
  const state = document.stages[stage];
  if (isLeased(state, now)) return { outcome: { kind: 'leased', until: state.leaseUntil! } };
  const image = toImage(document);
  if (!isClaimable(image, stage)) return { outcome: { kind: 'settled', image } };
  const next = claimed(image, stage, request);
  const { epoch, attempts: attempt } = next.stages[stage];
  return {
    outcome: { kind: 'claimed', epoch, attempt, image: next },
    set: imageChanges(document, next),
  };
}

function isClaimable(image: ImageRecord, stage: StageName): boolean {
  const { status } = image.stages[stage];
  return status !== 'done' && status !== 'failed' && isDue(image, stage);
}

/** The change while the claim holds, else none. */
function ifHeld(
  document: ImageDocument | undefined,
  claim: Claim,
  change: (image: ImageRecord) => ImageRecord,
  { now, event = null }: { now?: Date; event?: OutboxEntry | null },
): Change<ImageDocument, boolean> {
  if (!document || !isHeld(document, claim)) return { outcome: false };
  return { outcome: true, set: imageChanges(document, change(toImage(document)), now), event };
}

/**
 * Asked before another try alone: the unique index decides. Many that want one name at once deadlock in FerretDB, and
 * would again and again.
 */
async function isNameTaken(
  { images }: Collections,
  { imageId }: Claim,
  result: StageResults[StageName],
): Promise<boolean> {
  if (!('placement' in result)) return false;
  const image = await images.findOne({ _id: imageId }, { projection: { ownerId: 1 } });
  if (!image) return false;
  const { folder, filename } = result.placement;
  const taken = await images.findOne(
    {
      ...{ ownerId: image.ownerId, 'placement.folder': folder, placedName: nameKey(filename) },
      ...{ deletedAt: null, _id: { $ne: imageId } },
    },
    { projection: { _id: 1 } },
  );
  return taken !== null;
}

/** Whether the claim still holds: nobody claimed the stage since, nor did it end, nor was the image deleted. */
function isHeld({ stages, deletedAt }: ImageDocument, { stage, epoch }: Claim): boolean {
  return stages[stage].status === 'running' && stages[stage].epoch === epoch && !deletedAt;
}
