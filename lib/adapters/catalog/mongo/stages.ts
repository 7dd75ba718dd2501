import type { StageName } from '@image-organizer/contracts/vocabulary';
import type { Claim, ClaimOutcome, StageCatalog } from '../catalog.ts';
import type { ImageRecord, OutboxEntry } from '../records.ts';
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
import type { Change } from './change-document.ts';
import { changeImage, changePlace } from './change-image.ts';
import { imageChanges, toImage, type ImageDocument } from './documents.ts';
import { createLastWritten } from './last-written.ts';
import type { Store } from './store.ts';

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
    completeStage(claim, completion) {
      const decide = (document: ImageDocument | undefined) => {
        const change = ifHeld(
          document,
          claim,
          (image) => completed(image, claim.stage, completion),
          completion,
        );
        return { ...change, outcome: change.outcome ? ('committed' as const) : ('fenced' as const) };
      };
      return 'placement' in completion.result
        ? changePlace<'committed' | 'fenced' | 'name-taken'>(store, claim.imageId, decide, 'name-taken')
        : changeImage(store, claim.imageId, decide, lastWritten);
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

/** Whether the claim still holds: nobody claimed the stage since, nor did it end, nor was the image deleted. */
function isHeld({ stages, deletedAt }: ImageDocument, { stage, epoch }: Claim): boolean {
  return stages[stage].status === 'running' && stages[stage].epoch === epoch && !deletedAt;
}
