import type { Lane } from '@image-organizer/contracts/vocabulary';
import type { ImageRecord, OutboxEntry } from './records.ts';
import { historyItem, maxHistory } from './stage-changes.ts';

/** Stages that can be done again; organize follows them. */
export type ReprocessStage = 'extract' | 'classify';

/** Under which settings a stage works now: results that say another text are stale. */
export interface StageStamp {
  text: string;
  /** Whether it may ask a language model, which costs. */
  asksModel: boolean;
}

export type Stamps = Partial<Record<ReprocessStage, StageStamp>>;

export interface ReprocessQuery {
  ownerId: string;
  /** With all folders below it. */
  folder?: string;
  batchId?: string;
  /** Only those of which a stage was done under another stamp than this. */
  staleBy?: Stamps;
}

/** Doing again, with newer settings, what is done. */
export interface ReprocessCatalog {
  /** What the services that do the stages say of themselves. */
  recordStamp(stage: ReprocessStage, stamp: StageStamp): Promise<void>;
  stamps(): Promise<Stamps>;
  /** Organised images, by id, after `after`. */
  listReprocessable(query: ReprocessQuery & { after?: string; limit: number }): Promise<ImageRecord[]>;
  countReprocessable(query: ReprocessQuery): Promise<number>;
  /**
   * Sets a stage that is done back, with those after it: pending, 0 attempts, with the outbox entry and a line in the
   * history. The image keeps what it has and its place until there is something newer. Epochs stay: a late worker of a
   * later stage is fenced.
   * @returns false, having changed nothing, when the stage is not done
   */
  reprocessStage(request: {
    ownerId: string;
    imageId: string;
    stage: ReprocessStage;
    /** Its messages go there from now on. */
    lane: Lane;
    /** Who asked for it, for the history: the account's email. */
    by: string;
    now: Date;
    event: OutboxEntry;
  }): Promise<boolean>;
}

type Request = Parameters<ReprocessCatalog['reprocessStage']>[0];

/** @returns undefined where the stage cannot be done again */
export function reprocessed(
  image: ImageRecord,
  { ownerId, stage, lane, by, now }: Request,
): ImageRecord | undefined {
  if (image.ownerId !== ownerId || image.deletedAt || image.stages[stage].status !== 'done') return undefined;
  const again = {
    status: 'pending',
    attempts: 0,
    owner: null,
    leaseUntil: null,
    error: null,
  } as const;
  const { extract, classify, organize } = image.stages;
  return {
    ...image,
    lane,
    status: 'processing',
    stages: {
      extract: stage === 'extract' ? { ...extract, ...again } : extract,
      classify: { ...classify, ...again },
      organize: { ...organize, ...again },
    },
    history: [...image.history, { ...historyItem(stage, 'reprocessed', now), by }].slice(-maxHistory),
  };
}
