import type { QueueDefinition } from '@image-organizer/contracts/topology';
import type { StageName } from '@image-organizer/contracts/vocabulary';
import type { ImageRecord, StageResults } from '@image-organizer/adapters/catalog/records';
import type { Log } from '@image-organizer/platform/log';

/** What a stage's work is given besides the image. */
export interface WorkContext<Stage extends StageName> {
  /** The claim's fencing token: derived blobs carry it in their id. */
  epoch: number;
  /** 1 at the first try. */
  attempt: number;
  /** Aborts at the deadline and when the claim is lost. */
  signal: AbortSignal;
  log: Log;
  /** Records part of the result at once, for people who watch. @throws FencedError when somebody else has the stage now */
  report(part: Partial<StageResults[Stage]>): Promise<void>;
}

/**
 * What a stage does, and nothing of how it is delivered: claim, lease, epoch, commit with outbox, retry tiers, dead
 * letters, metrics and log lines live in run-stage.ts.
 *
 * `work` throws PermanentError when trying again is useless (the image fails at once, with that reason), PostponedError
 * when it is too early (no attempt is spent), anything else to be tried again.
 */
export interface StageDefinition<Stage extends StageName, Data extends { imageId: string; ownerId: string }> {
  name: Stage;
  consumes: QueueDefinition<Data>;
  /** After which an attempt counts as failed. */
  deadlineMs: number;
  /** Images at once per process. */
  concurrency: number;
  work(image: ImageRecord, context: WorkContext<Stage>): Promise<StageResults[Stage]>;
  /** Throws away what a fenced attempt made (derived blobs of its epoch). What a crash leaves, the sweeper finds. */
  discard?(image: ImageRecord, epoch: number): Promise<void>;
}

export const defineStage = <Stage extends StageName, Data extends { imageId: string; ownerId: string }>(
  definition: StageDefinition<Stage, Data>,
): StageDefinition<Stage, Data> => definition;
