import { stageNames, type Failure, type StageName } from '@image-organizer/contracts/vocabulary';
import type {
  ImageRecord,
  NewImage,
  PlacementRecord,
  StageResults,
  StageState,
  UserField,
} from './records.ts';

/** What each step of the delivery protocol makes of an image, whatever it is stored in. Nothing here is changed in place. */

type HistoryItem = ImageRecord['history'][number];

export const maxHistory = 50;
const maxPastPlacements = 10;

const untouched: StageState = {
  status: 'pending',
  epoch: 0,
  attempts: 0,
  owner: null,
  leaseUntil: null,
  error: null,
  durationMs: null,
};
const unheld = { owner: null, leaseUntil: null };

/** A new image: queued, every stage pending. */
export const accepted = (
  { idempotencyKey: _key, ...image }: NewImage,
  duplicateOf: string | null,
): ImageRecord => ({
  ...image,
  duplicateOf,
  organizedAt: null,
  status: 'queued',
  stages: { extract: untouched, classify: untouched, organize: untouched },
  metadata: null,
  renditions: null,
  text: null,
  textConfidence: null,
  language: null,
  decision: null,
  caption: null,
  tags: [],
  userFields: [],
  placement: null,
  pastPlacements: [],
  history: [historyItem('upload', 'accepted', image.uploadedAt)],
  deletedAt: null,
});

/** Whether all stages before this one are done. */
export const isDue = (image: ImageRecord, stage: StageName): boolean =>
  stageNames.slice(0, stageNames.indexOf(stage)).every((earlier) => image.stages[earlier].status === 'done');

/** Whether the stage is running under a lease that still holds at `now`. */
export const isLeased = ({ status, leaseUntil }: StageState, now: Date): boolean =>
  status === 'running' && leaseUntil !== null && leaseUntil > now;

/** One more attempt begins, in place of one that was lost where the stage was running. */
export function claimed(
  image: ImageRecord,
  stage: StageName,
  { owner, now, leaseMs }: { owner: string; now: Date; leaseMs: number },
): ImageRecord {
  const { status, epoch, attempts } = image.stages[stage];
  const attempt = attempts + 1;
  const leaseUntil = new Date(now.getTime() + leaseMs);
  return withStage(
    { ...image, status: 'processing' },
    stage,
    { status: 'running', epoch: epoch + 1, attempts: attempt, owner, leaseUntil },
    ...(status === 'running' ? [historyItem(stage, 'lost', now, { attempt: attempts })] : []),
    historyItem(stage, 'started', now, { attempt }),
  );
}

export const renewed = (image: ImageRecord, stage: StageName, leaseUntil: Date): ImageRecord =>
  withStage(image, stage, { leaseUntil });

/** The image with a result or a part of one; what a human said of it stays. */
export const withResult = <Stage extends StageName>(
  image: ImageRecord,
  result: Partial<StageResults[Stage]>,
): ImageRecord => {
  const next: ImageRecord = { ...image, ...result };
  if (!('decision' in result) || !next.decision) return next;
  const isFree = (field: UserField) => !image.userFields.includes(field);
  return {
    ...next,
    ...(isFree('caption') && { caption: next.decision.caption }),
    ...(isFree('tags') && { tags: next.decision.tags }),
  };
};

export function completed<Stage extends StageName>(
  image: ImageRecord,
  stage: Stage,
  { result, durationMs, now }: { result: StageResults[Stage]; durationMs: number; now: Date },
): ImageRecord {
  const { attempts: attempt } = image.stages[stage];
  const next = withStage(
    withResult(image, result),
    stage,
    { status: 'done', ...unheld, error: null, durationMs },
    historyItem(stage, 'done', now, { attempt, durationMs }),
  );
  return stage === 'organize'
    ? {
        ...next,
        status: 'organized',
        organizedAt: now,
        pastPlacements: isSamePlace(image.placement, next.placement) ? image.pastPlacements : withPast(image),
      }
    : next;
}

/** Undo would change nothing. */
export const isSamePlace = (before: PlacementRecord | null, after: PlacementRecord | null): boolean =>
  before?.folder === after?.folder && before?.filename === after?.filename && before?.by === after?.by;

/** The placements before, the present one added. */
export const withPast = ({ placement, filename, requestedFolder, pastPlacements }: ImageRecord) =>
  placement
    ? [...pastPlacements, { placement, filename, requestedFolder }].slice(-maxPastPlacements)
    : pastPlacements;

/** The attempt failed and another one may follow. */
export const attemptFailed = (
  image: ImageRecord,
  stage: StageName,
  failure: Failure,
  now: Date,
): ImageRecord =>
  withStage(
    image,
    stage,
    { status: 'pending', ...unheld, error: failure },
    historyItem(stage, 'attempt-failed', now, { attempt: image.stages[stage].attempts, error: failure }),
  );

/** The attempt is given back and leaves no trace: work that waits for long must not push the rest out of the history. */
export function postponed(image: ImageRecord, stage: StageName): ImageRecord {
  const { attempts } = image.stages[stage];
  const begun = image.history.findLastIndex((item) => item.stage === stage && item.event === 'started');
  return withStage({ ...image, history: image.history.toSpliced(begun, begun === -1 ? 0 : 1) }, stage, {
    status: 'pending',
    ...unheld,
    attempts: attempts - 1,
  });
}

/** The stage has failed for good, and the image with it. */
export const failed = (image: ImageRecord, stage: StageName, failure: Failure, now: Date): ImageRecord =>
  withStage(
    { ...image, status: 'failed' },
    stage,
    { status: 'failed', ...unheld, error: failure },
    historyItem(stage, 'failed', now, { attempt: image.stages[stage].attempts, error: failure }),
  );

/** Another round for a failed stage. Its epoch stays, so that a late worker is fenced. */
export const retried = (image: ImageRecord, stage: StageName, now: Date): ImageRecord =>
  withStage(
    { ...image, status: 'processing' },
    stage,
    { status: 'pending', ...unheld, attempts: 0, error: null },
    historyItem(stage, 'retried', now),
  );

/** The process that worked on the stage is gone. */
export const lost = (image: ImageRecord, stage: StageName, now: Date): ImageRecord =>
  withStage(
    image,
    stage,
    { status: 'pending', ...unheld },
    historyItem(stage, 'lost', now, { attempt: image.stages[stage].attempts }),
  );

export const historyItem = (
  stage: HistoryItem['stage'],
  event: HistoryItem['event'],
  at: Date,
  facts: Partial<Pick<HistoryItem, 'attempt' | 'durationMs' | 'error'>> = {},
): HistoryItem => ({ at, stage, event, attempt: null, durationMs: null, error: null, ...facts });

const withStage = (
  image: ImageRecord,
  stage: StageName,
  change: Partial<StageState>,
  ...items: HistoryItem[]
): ImageRecord => ({
  ...image,
  stages: { ...image.stages, [stage]: { ...image.stages[stage], ...change } },
  history: [...image.history, ...items].slice(-maxHistory),
});
