import type { ImageSort } from '@image-organizer/contracts/http/image';
import type { Stats } from '@image-organizer/contracts/http/stats';
import type { Failure, ImageStatus, Lane, StageName } from '@image-organizer/contracts/vocabulary';
import type { ChangeCatalog } from './changes.ts';
import type { Correction } from './corrections.ts';
import type { FolderChangeCatalog } from './folder-changes.ts';
import type { ImportCatalog } from './imports.ts';
import type {
  BatchRecord,
  FolderRecord,
  ImageRecord,
  NewImage,
  OutboxEntry,
  StageResults,
} from './records.ts';
import type { ReprocessCatalog } from './reprocess.ts';
import type { ReviewCatalog } from './review.ts';
import type { WebhookCatalog } from './webhooks.ts';

/**
 * What is known of images, batches and folders, and how far each image has come. A port of intentions, not of queries.
 * Adapters: sqlite, mongo. `describeCatalog` (lib/testing) is the specification.
 *
 * Every change that has to be told is recorded in ONE write together with its outbox entry. Every call that reads for a
 * person takes the owner's id: what belongs to somebody else does not exist.
 */
export interface Catalog
  extends
    UploadCatalog,
    StageCatalog,
    OutboxCatalog,
    DeliveryCatalog,
    SpendCatalog,
    LibraryCatalog,
    CorrectionCatalog,
    FolderChangeCatalog,
    ReviewCatalog,
    ReprocessCatalog,
    ChangeCatalog,
    ImportCatalog,
    WebhookCatalog {
  /**
   * True for one holder at a time: takes or extends the named lease until `now + ttlMs`. For the sweeper.
   */
  holdLease(request: { name: string; holder: string; now: Date; ttlMs: number }): Promise<boolean>;
  /**
   * Only where no other process uses the catalogue: every stage and delivery that is running becomes pending, and every
   * named lease is free. @returns how many stages and deliveries
   */
  releaseAllLeases(): Promise<number>;
  waitingFor(): string[];
  close(): Promise<void>;
}

/** Uploads: intents, images, batches. */
export interface UploadCatalog {
  /** Step 0: bytes are about to be stored under `imageId`; whoever finds the intent expired deletes them. */
  openUpload(intent: { imageId: string; ownerId: string; expiresAt: Date }): Promise<void>;
  /** The bytes are gone, or the image is accepted. An unknown id is no error. */
  closeUpload(imageId: string): Promise<void>;
  expiredUploads(now: Date, limit: number): Promise<{ imageId: string }[]>;

  /**
   * Step 2: inserts the image (queued, all stages pending) with its first outbox entry and closes its intent. Sets
   * `duplicateOf` to the owner's oldest living image with the same sha256. When the owner's `idempotencyKey` is taken,
   * changes nothing and returns the image that has it.
   */
  acceptImage(
    image: NewImage,
    event: OutboxEntry,
  ): Promise<{ kind: 'accepted' | 'replayed'; image: ImageRecord }>;

  /**
   * Begins a batch in status `receiving`. When the owner's `idempotencyKey` is taken, returns the batch that has it.
   * @param batch.expiresAt when the sweeper may seal it, its upload having died
   */
  openBatch(
    batch: Pick<
      BatchRecord,
      'id' | 'kind' | 'ownerId' | 'ownerEmail' | 'notify' | 'callbackUrl' | 'requestId' | 'createdAt'
    > & {
      idempotencyKey: string | null;
      expiresAt: Date;
    },
  ): Promise<BatchRecord>;
  /**
   * All its images are there: `receiving` becomes `open`; an upload's batch without an image is deleted. Otherwise changes
   * nothing.
   */
  sealBatch(batchId: string): Promise<void>;
  /**
   * If the batch is `open` and none of its images is queued or processing: `completed`, with the outbox entry, once.
   * @returns true for the call that completed it
   */
  settleBatch(batchId: string, now: Date, event: OutboxEntry): Promise<boolean>;
  getBatch(ownerId: string, batchId: string): Promise<BatchRecord | undefined>;
  /**
   * For the sweeper: uploads `receiving` past their expiry, imports' that are `receiving` after their import has ended, and
   * `open` ones with no unsettled image.
   */
  unfinishedBatches(now: Date, limit: number): Promise<BatchRecord[]>;
}

/** One attempt's right to work on one stage of one image. */
export interface Claim<Stage extends StageName = StageName> {
  imageId: string;
  stage: Stage;
  epoch: number;
}

export type ClaimOutcome =
  | { kind: 'claimed'; epoch: number; attempt: number; image: ImageRecord }
  /** Nothing to do: the stage is done or failed, or an earlier one is not done yet. */
  | { kind: 'settled'; image: ImageRecord }
  | { kind: 'leased'; until: Date }
  | { kind: 'missing' }
  | { kind: 'deleted' };

/** The images of one lane that are at one stage. */
export interface StageLane {
  stage: StageName;
  lane: Lane;
}

/** Stages: claim → report → complete, release or fail. All but the claim are filtered on the epoch: the fence. */
export interface StageCatalog {
  /**
   * Compare-and-set: pending, or running with an expired lease → running, epoch + 1, attempts + 1. The image becomes
   * `processing`. A stage whose predecessor is not done is `settled`.
   */
  claimStage(request: {
    ownerId: string;
    imageId: string;
    stage: StageName;
    owner: string;
    now: Date;
    leaseMs: number;
  }): Promise<ClaimOutcome>;
  /** @returns false when fenced: somebody else has the stage now */
  renewLease(claim: Claim, until: Date): Promise<boolean>;
  /** Records part of the result before the rest is there (renditions before text). @returns false when fenced */
  reportProgress<Stage extends StageName>(
    claim: Claim<Stage>,
    part: Partial<StageResults[Stage]>,
  ): Promise<boolean>;
  /**
   * Result + done + outbox entry in one update. After `organize` the image is `organized`.
   * @param event of the next stage; after `organize` image.organized; null where nothing is to be told
   * @returns `name-taken` (stage organize, nothing changed) when another image of the folder has the placement's filename
   */
  completeStage<Stage extends StageName>(
    claim: Claim<Stage>,
    completion: { result: StageResults[Stage]; durationMs: number; now: Date; event: OutboxEntry | null },
  ): Promise<'committed' | 'fenced' | 'name-taken'>;
  /**
   * Gives the stage back: pending, no lease.
   * @param failure what went wrong, kept in the history; null gives the attempt back too (postponed work)
   * @returns false when fenced
   */
  releaseStage(claim: Claim, release: { now: Date; failure: Failure | null }): Promise<boolean>;
  /** The stage and the image are failed, with the outbox entry, in one update. @returns false when fenced */
  failStage(claim: Claim, failed: { now: Date; failure: Failure; event: OutboxEntry }): Promise<boolean>;
  /**
   * Sets a stage back for another round at the owner's wish: pending, 0 attempts, with the outbox entry; the image is
   * `processing` again. Its epoch stays, so that a late worker is fenced.
   * @returns false, having changed nothing, when the stage has not failed
   */
  retryStage(request: {
    ownerId: string;
    imageId: string;
    stage: StageName;
    now: Date;
    event: OutboxEntry;
  }): Promise<boolean>;
  /**
   * For the sweeper: stages that nobody works on though they could be: running with a lease expired before `now`, or
   * pending (predecessor done) and untouched since `idleSince` without an outbox entry.
   * @param request.queued what has messages waiting: there a pending stage counts as untouched only since `queuedSince`
   */
  stuckStages(request: {
    now: Date;
    idleSince: Date;
    queued: StageLane[];
    queuedSince: Date;
    limit: number;
  }): Promise<{ image: ImageRecord; stage: StageName }[]>;
  /** Records the outbox entry for a stuck stage, and that it was touched at `now`. False when it is stuck no more. */
  requeueStage(request: {
    imageId: string;
    stage: StageName;
    now: Date;
    event: OutboxEntry;
  }): Promise<boolean>;
}

export type CorrectionOutcome =
  | { kind: 'corrected'; image: ImageRecord; event: OutboxEntry | null }
  /** It is so already, or there is no placement before. */
  | { kind: 'unchanged'; image: ImageRecord }
  /** Another image of the folder has the name; nothing changed. */
  | { kind: 'name-taken' }
  /** The owner has no such image; to restore, none in the trash. To relocate it may be there. */
  | { kind: 'missing' };

/** What can be learned of a correction. */
export interface CorrectionExample {
  filename: string;
  caption: string | null;
  /** Where the person put the image. */
  folder: string;
}

/** A human's word: later results of machines leave it as it is. */
export interface CorrectionCatalog {
  /**
   * The change, its line in the history and its event in one write. A running stage organize is given back when folder
   * or filename change, and its worker fenced.
   * @param request.by who says it, for the history: the account's email
   * @param request.event may be asked again where somebody else was quicker
   */
  correctImage(request: {
    ownerId: string;
    imageId: string;
    correction: Correction;
    by: string;
    now: Date;
    event: (before: ImageRecord, after: ImageRecord) => OutboxEntry | null;
  }): Promise<CorrectionOutcome>;
  /** The owner's images that a person put where they are, corrected last first. */
  recentCorrections(ownerId: string, limit: number): Promise<CorrectionExample[]>;
  /** For the sweeper: images that came into the trash at or before `until`, of all owners, oldest first. */
  expiredTrash(until: Date, limit: number): Promise<ImageRecord[]>;
  /** Forgets the image if it came into the trash at or before `until`. @returns whether it did */
  purgeImage(imageId: string, until: Date): Promise<boolean>;
}

export interface OutboxCatalog {
  /** Oldest first: those recorded and not yet marked as published. */
  dueOutbox(limit: number): Promise<OutboxEntry[]>;
  /** Removes the entry; an unknown id is no error. */
  markPublished(entry: Pick<OutboxEntry, 'id'>): Promise<void>;
  /** For the metric: null when it is empty. */
  oldestOutboxEntryAt(): Promise<Date | null>;
}

export type DeliveryClaim =
  | { kind: 'claimed'; epoch: number; attempt: number }
  | { kind: 'sent' }
  | { kind: 'failed' }
  | { kind: 'leased'; until: Date };

/** Emails (and webhooks): one row per unique key, so that each goes out once. */
export interface DeliveryCatalog {
  /** Inserts the row if there is none; then as claimStage. */
  claimDelivery(request: { key: string; owner: string; now: Date; leaseMs: number }): Promise<DeliveryClaim>;
  /** @returns false when fenced */
  completeDelivery(claim: { key: string; epoch: number }, now: Date): Promise<boolean>;
  /** As releaseStage. */
  releaseDelivery(claim: { key: string; epoch: number }, failure: Failure | null): Promise<boolean>;
  failDelivery(claim: { key: string; epoch: number }, failure: Failure): Promise<boolean>;
  /** As retryStage: a delivery that has failed is pending again, with 0 attempts. @returns false when it has not failed */
  retryDelivery(key: string): Promise<boolean>;
  /**
   * For the sweeper: completed batches, untouched (completed or requeued) since `idleSince`, without an outbox entry,
   * whose delivery `email:<batchId>` is missing, pending, or leased with an expired lease. It stands for all that follows
   * batch.completed, so it is there where no email is wanted too.
   */
  batchesWithoutDelivery(request: { now: Date; idleSince: Date; limit: number }): Promise<BatchRecord[]>;
  /** Records batch.completed once more for such a batch, and that it was touched at `now`. */
  requeueBatchCompleted(batchId: string, now: Date, event: OutboxEntry): Promise<void>;
}

/** What all processes together spent of an allowance, per account and period. */
export interface SpendCatalog {
  /** 0 where nothing is known. */
  spentOf(account: string, period: string): Promise<number>;
  /**
   * Two who add at once are both counted. An addition whose answer was lost may be counted twice, never not at all: for
   * a budget the safe side.
   * @param spending.period at most a day long: it is forgotten `spendingKeptMs` after its first addition
   * @param spending.amount a whole number
   * @returns what is spent now, this included
   */
  addSpending(spending: { account: string; period: string; amount: number; now: Date }): Promise<number>;
}

/** Two days: whoever's clock is behind still finds yesterday's. */
export const spendingKeptMs = 2 * 24 * 3_600_000;

/** By `-deletedAt` only what is in the trash can be sorted. */
export type ListSort = ImageSort | '-deletedAt';

export interface ImageListQuery {
  ownerId: string;
  /** Words, all of which must occur (text, caption, filename, folder, tags); prefixes of two letters or more; accents and case ignored. */
  q?: string;
  /** With all folders below it. */
  folder?: string;
  tag?: string;
  status?: ImageStatus;
  batchId?: string;
  /** uploadedAt ≥ from, ≤ to. */
  from?: Date;
  to?: Date;
  /** metadata.format */
  format?: string;
  /** Those in the trash instead. */
  trashed?: boolean;
  sort: ListSort;
  limit: number;
  cursor?: string;
}

/** A cursor that this catalogue did not make, or made for another sort order. */
export class InvalidCursorError extends Error {
  override name = 'InvalidCursorError';
}

/** What people read, and folders. Deleted images are not seen. */
export interface LibraryCatalog {
  getImage(ownerId: string, imageId: string): Promise<ImageRecord | undefined>;
  /** Keyset-paged: nothing is skipped or seen twice while images are added. @throws InvalidCursorError */
  listImages(query: ImageListQuery): Promise<{ items: ImageRecord[]; nextCursor: string | null }>;
  /** For the janitor: of these ids the images that exist, deleted ones included. */
  findImages(imageIds: string[]): Promise<ImageRecord[]>;
  stats(ownerId: string): Promise<Stats>;
  /** What the owner's images take up, those in the trash included; `bytes` of the originals. For quotas. */
  usageOf(ownerId: string): Promise<{ images: number; bytes: number }>;
  /**
   * For the sweeper. Stats, usage and folders are told from counts that are kept while images change: exact where an image
   * and the counts change in one transaction; elsewhere what other processes changed is in them up to a second later, and
   * what a process that was killed did not add is found here, some hours later. @returns how many owners were counted anew
   */
  recountTallies(now: Date, limit: number): Promise<number>;

  listFolders(ownerId: string): Promise<FolderRecord[]>;
  /**
   * Creates the folder if its path (exactly) is new; else changes nothing.
   * @param folder.revive makes a folder of a path that was given up when a folder moved, which else means that one
   * @returns the folder there is
   */
  ensureFolder(
    folder: Omit<FolderRecord, 'count' | 'formerPaths'> & { now: Date; revive?: boolean },
  ): Promise<FolderRecord>;
  /**
   * Learns the folder's common words anew from its newest 100 images (words of caption, tags and text, by in how many
   * of them each occurs), keeping those it was created with where it has few images. Idempotent.
   * @returns false where there is no such folder
   */
  refreshFolder(ownerId: string, path: string): Promise<boolean>;
  /** `filename`, or `name (2).ext`…, whichever is the first that no other image of the folder has. */
  freeFilename(request: {
    ownerId: string;
    folder: string;
    filename: string;
    imageId: string;
  }): Promise<string>;
}
