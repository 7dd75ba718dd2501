import {
  stageNames,
  type Failure,
  type StageName,
  type StageStatus,
} from '@image-organizer/contracts/vocabulary';
import { nameKey } from '../cursor.ts';
import type { BatchRecord, FolderRecord, ImageRecord, OutboxEntry } from '../records.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../webhooks.ts';
import type { ReprocessStage, StageStamp } from '../reprocess.ts';
import { wordsOf } from './words.ts';

/** The documents of the collections. None of them leaves the adapter. */

/** What `changeDocument` needs: see there. */
export interface Revised {
  _id: string;
  rev: number;
  writes: string[];
}

/** An ImageRecord and what is derived from it for the indexes. */
export interface ImageDocument extends Revised, Omit<ImageRecord, 'id'> {
  /** Missing where there is none, so that the unique index leaves it out. */
  idempotencyKey?: string;
  /** The filename in lower case, and the placement's: there is no collation. */
  sortName: string;
  placedName: string | null;
  /** When the image came to its present stage or was queued for it again. */
  touchedAt: Date;
  /** The first stage that is not done, null when all are; its status, and the end of its lease, else `touchedAt`. */
  stage: StageName | null;
  stageStatus: StageStatus | null;
  stageSince: Date;
  /** When what people see of it changed last; missing where that was before anybody could watch. */
  changedAt?: Date;
  words: string[];
  /** Changed by `$push` and `$pull` alone: the relay takes entries out without raising `rev`. */
  outbox: OutboxEntry[];
}

export interface BatchDocument
  extends Revised, Omit<BatchRecord, 'id' | 'total' | 'organized' | 'failed' | 'kind' | 'callbackUrl'> {
  /** Missing in documents of before there were any but uploads. */
  kind?: BatchRecord['kind'];
  callbackUrl?: string | null;
  idempotencyKey?: string;
  expiresAt: Date;
  /** When it was completed or its event was recorded again. */
  touchedAt: Date | null;
  /** When its status changed last; missing where that was before anybody could watch. */
  changedAt?: Date;
  /** Its email has been sent or has failed for good. */
  emailSettled: boolean;
  outbox: OutboxEntry[];
}

/** `_id` is the delivery's key. */
export interface DeliveryDocument extends Revised {
  status: 'pending' | 'running' | 'sent' | 'failed';
  epoch: number;
  attempts: number;
  owner: string | null;
  leaseUntil: Date | null;
  error: Failure | null;
  sentAt: Date | null;
}

export interface FolderDocument extends Omit<FolderRecord, 'count' | 'formerPaths'> {
  /** Of a folder that moved, where to: it is a sign and no folder any more. */
  movedTo?: string | null;
  /** Those it was created with. */
  initialWords: string[];
  createdAt: Date;
}

/** `_id` is the image's id. */
export interface UploadDocument {
  _id: string;
  ownerId: string;
  expiresAt: Date;
}

/** `_id` is the lease's name. */
export interface LeaseDocument {
  _id: string;
  holder: string;
  until: Date;
}

/** `_id` is the account and the period. */
export interface SpendingDocument {
  _id: string;
  amount: number;
  expiresAt: Date;
}

/** `_id` is the stage. */
export interface StampDocument extends StageStamp {
  _id: ReprocessStage;
}

export interface WebhookDocument extends Omit<WebhookEndpoint, 'id'> {
  _id: string;
  /** Of its owner's slots: each is taken once. */
  slot: number;
}

/** `_id` is the delivery's key. */
export interface WebhookDeliveryDocument extends Revised, Omit<WebhookDelivery, 'key'> {
  epoch: number;
  /** Who is calling; null when nobody is. */
  leasedBy: string | null;
}

/** For reading images: the derived fields that are long stay in the database. */
export const imageFields = { words: 0, writes: 0 } as const;

type Derived = Pick<
  ImageDocument,
  'sortName' | 'placedName' | 'touchedAt' | 'stage' | 'stageStatus' | 'stageSince'
>;

export const derived = (image: ImageRecord, touchedAt: Date): Derived => {
  const stage = stageNames.find((name) => image.stages[name].status !== 'done') ?? null;
  const state = stage && image.stages[stage];
  return {
    sortName: nameKey(image.filename),
    placedName: image.placement && nameKey(image.placement.filename),
    touchedAt,
    stage,
    stageStatus: state?.status ?? null,
    stageSince: state?.leaseUntil ?? touchedAt,
  };
};

/** A new image, touched when it was uploaded. */
export function newImageDocument(
  { id, ...image }: ImageRecord,
  idempotencyKey: string | null,
  event: OutboxEntry,
): ImageDocument {
  return {
    _id: id,
    ...image,
    ...derived({ id, ...image }, image.uploadedAt),
    ...(idempotencyKey === null ? {} : { idempotencyKey }),
    changedAt: new Date(),
    words: wordsOf(image),
    outbox: [event],
    rev: 0,
    writes: [],
  };
}

/** What people who watch are told of. Its time is that of the clock on the wall, by which they ask. */
const seen = ['status', 'placement', 'caption', 'tags', 'filename', 'deletedAt'] as const;

/** What differs after the change; texts that stayed the same are neither sent nor indexed again. */
export function imageChanges(
  before: ImageDocument,
  { id: _id, ...after }: ImageRecord,
  touchedAt = before.touchedAt,
): Partial<ImageDocument> {
  const image = { id: before._id, ...after };
  const next: Partial<ImageDocument> = { ...after, ...derived(image, touchedAt) };
  const described = ['filename', 'caption', 'tags', 'placement', 'text'] as const;
  if (described.some((field) => after[field] !== before[field])) next.words = wordsOf(image);
  if (seen.some((field) => after[field] !== before[field])) next.changedAt = new Date();
  return Object.fromEntries(
    Object.entries(next).filter(([field, value]) => value !== before[field as keyof ImageDocument]),
  );
}

/** The record, without what is derived from it. */
export function toImage(document: ImageDocument): ImageRecord {
  const {
    _id: id,
    idempotencyKey: _key,
    sortName: _sortName,
    placedName: _placedName,
    touchedAt: _touchedAt,
    stage: _stage,
    stageStatus: _stageStatus,
    stageSince: _stageSince,
    changedAt: _changedAt,
    words: _words,
    outbox: _outbox,
    rev: _rev,
    writes: _writes,
    ...image
  } = document;
  return {
    id,
    ...image,
    userFields: image.userFields ?? [], // an image from before there were corrections has none
    pastPlacements: image.pastPlacements ?? [],
  };
}
