import type { Decision } from '@image-organizer/contracts/decision';
import type { HistoryEntry, ImageMetadata } from '@image-organizer/contracts/http/image';
import type {
  Failure,
  ImageStatus,
  Lane,
  RenditionName,
  StageName,
  StageStatus,
} from '@image-organizer/contracts/vocabulary';

/** Facts about images as the services see them. No adapter's document or row leaves it; it is turned into these. */

export interface StageState {
  status: StageStatus;
  /** Rises with every claim: the fencing token. */
  epoch: number;
  /** Counted when the work starts. */
  attempts: number;
  /** Which worker holds it, until when; null when nobody does. */
  owner: string | null;
  leaseUntil: Date | null;
  error: Failure | null;
  /** Of the attempt that succeeded. */
  durationMs: number | null;
}

export interface Rendition {
  blobId: string;
  contentType: string;
  /** Pixels. */
  width: number;
  height: number;
  /** Bytes. */
  size: number;
  sha256: string;
}

/** What stage extract finds out; renditions and metadata are recorded before the text is there. */
export interface ExtractResult {
  metadata: ImageMetadata;
  renditions: Record<RenditionName, Rendition>;
  /** Words with confidence, in reading order, lines by \n; empty when there are none. */
  text: string;
  /** 0 to 100; null when there is no text. */
  textConfidence: number | null;
  language: string | null;
  /** Stamp of the settings that it was read under. */
  readUnder?: string;
}

export interface PlacementRecord {
  folder: string;
  /** The name in the folder; unique in it, per owner. */
  filename: string;
  by: 'auto' | 'user';
  confidence: number;
  reason: string;
  runnerUp: { folder: string; confidence: number } | null;
  matchedWords: string[];
  needsReview: boolean;
  suggestions: string[];
  model: string;
  promptVersion: string;
}

/** What undo goes back to: the placement, and the words it followed from. */
export interface PastPlacement extends Pick<ImageRecord, 'filename' | 'requestedFolder'> {
  placement: PlacementRecord;
}

export type UserField = 'caption' | 'tags';

/** What each stage leaves in the image. */
export interface StageResults {
  extract: ExtractResult;
  classify: { decision: Decision };
  organize: { placement: PlacementRecord };
}

export interface ImageRecord {
  id: string;
  ownerId: string;
  ownerEmail: string;
  batchId: string;
  /** As uploaded or as a human renamed it, cleaned for display; data, never a path. */
  filename: string;
  /** By signature. */
  contentType: string;
  /** Bytes. */
  size: number;
  sha256: string;
  lane: Lane;
  requestId: string | null;
  /** An earlier image of the same owner with the same bytes. */
  duplicateOf: string | null;
  /** The folder that the uploader or a correction named: a human's word, which the stage organize follows. */
  requestedFolder: string | null;
  uploadedAt: Date;
  organizedAt: Date | null;
  status: ImageStatus;
  stages: Record<StageName, StageState>;
  /** Null until stage extract has recorded them. */
  metadata: ImageMetadata | null;
  renditions: Record<RenditionName, Rendition> | null;
  text: string | null;
  textConfidence: number | null;
  language: string | null;
  /** Missing where it was not stamped. */
  readUnder?: string;
  /** Null until stage classify is done. */
  decision: Decision | null;
  /** The decision's, unless a human changed them. */
  caption: string | null;
  tags: string[];
  /** Which of them a human set: no machine changes those. Folder and filename keep a human's word by themselves. */
  userFields: UserField[];
  /** When a person last said the folder. Missing: nobody did. */
  correctedAt?: Date;
  /** Null until stage organize is done. */
  placement: PlacementRecord | null;
  /** Those before, newest last, bounded to the newest 10. */
  pastPlacements: PastPlacement[];
  /** Newest last, bounded to the newest 50. */
  history: (Omit<HistoryEntry, 'at'> & { at: Date })[];
  deletedAt: Date | null;
}

/** An image as it is accepted; the catalogue adds stages, status and history. */
export type NewImage = Pick<
  ImageRecord,
  | 'id'
  | 'ownerId'
  | 'ownerEmail'
  | 'batchId'
  | 'filename'
  | 'contentType'
  | 'size'
  | 'sha256'
  | 'lane'
  | 'requestId'
  | 'requestedFolder'
  | 'uploadedAt'
> & {
  /** Unique per owner where it is set: `<Idempotency-Key>/<position of the file>`. */
  idempotencyKey: string | null;
};

export interface BatchRecord {
  id: string;
  /** An import's batch has the import's id; the importer ends it, and it is kept without an image too. */
  kind: 'upload' | 'import';
  ownerId: string;
  ownerEmail: string;
  /** `receiving` until the upload request has ended; clients see it as open. */
  status: 'receiving' | 'open' | 'completed';
  /** Whether the owner wants an email. */
  notify: boolean;
  /** Called when the batch is completed. */
  callbackUrl: string | null;
  requestId: string | null;
  createdAt: Date;
  completedAt: Date | null;
  /** Counted when read. */
  total: number;
  organized: number;
  failed: number;
}

export interface FolderRecord {
  ownerId: string;
  path: string;
  description: string;
  /** Words typical of the folder, most typical first, at most 50. */
  commonWords: string[];
  createdBy: 'auto' | 'user';
  /** Images in it, those of subfolders not counted. */
  count: number;
  /** Paths that lead to it since folders were renamed or merged into it. Missing: none. */
  formerPaths?: string[];
}

/** An event that was recorded with the change it tells of and has not been published yet. */
export interface OutboxEntry {
  /** The messageId, the same at every try. */
  id: string;
  event: string;
  version: number;
  data: unknown;
  lane: Lane;
  requestId: string | null;
  /** The trace that it was recorded in; missing where there is none. */
  traceparent?: string;
  createdAt: Date;
}
