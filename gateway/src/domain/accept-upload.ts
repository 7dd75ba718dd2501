import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type {
  BatchRecord,
  ImageRecord,
  NewImage,
  OutboxEntry,
} from '@image-organizer/adapters/catalog/records';
import type { Lane } from '@image-organizer/contracts/vocabulary';
import { batchCompletedEntry } from '@image-organizer/pipeline/outbox-entry';
import { stageTrigger } from '@image-organizer/pipeline/stage-trigger';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import { AppError, messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { ReceivedFile, StoredFile } from './receive-files.ts';
import { IdempotencyKeyReusedError, StorageUnavailableError } from './upload-errors.ts';

/** What the owner wants done with the files of one request. */
export interface UploadOrder {
  owner: { id: string; email: string };
  /** At least one of them is stored. */
  files: ReceivedFile[];
  /** A clean folder path. */
  folder: string | null;
  notify: boolean;
  idempotencyKey: string | null;
  requestId: string | null;
}

export interface AcceptDependencies {
  catalog: Catalog;
  clock: Clock;
  log: Log;
  newId: () => string;
  /** The entry is in the outbox. */
  relayHint: (entry: OutboxEntry) => void;
  graceSeconds: number;
}

export interface AcceptedUpload {
  batchId: string;
  /** One per stored file, in their order; those of a repeated request are the first request's. */
  images: ImageRecord[];
}

/** Uploads of more files than this take the slow lane, so that a person with one image does not wait behind them. */
const interactiveFiles = 20;

/**
 * Makes stored files images of one batch (delivery.md, step 2). When it returns, the images are in the catalogue and
 * every event is in the outbox: the client may be told 202.
 * @throws IdempotencyKeyReusedError, StorageUnavailableError
 */
export async function acceptUpload(
  dependencies: AcceptDependencies,
  order: UploadOrder,
): Promise<AcceptedUpload> {
  const batch = await orUnavailable(openBatch(dependencies, order));
  const images: ImageRecord[] = [];
  try {
    for (const [position, file] of order.files.entries()) {
      if ('stored' in file) images.push(await acceptFile(dependencies, order, batch, file.stored, position));
    }
  } catch (error) {
    // With a key the batch waits for the client to repeat the request; the sweeper closes it where none comes.
    if (order.idempotencyKey === null) await finishBatch(dependencies, batch);
    throw error;
  }
  await finishBatch(dependencies, batch);
  return { batchId: batch.id, images };
}

function openBatch({ catalog, clock, newId, graceSeconds }: AcceptDependencies, order: UploadOrder) {
  const now = clock.now();
  return catalog.openBatch({
    id: newId(),
    ownerId: order.owner.id,
    ownerEmail: order.owner.email,
    notify: order.notify,
    requestId: order.requestId,
    createdAt: now,
    idempotencyKey: order.idempotencyKey,
    expiresAt: new Date(now.getTime() + graceSeconds * 1000),
  });
}

async function acceptFile(
  { catalog, clock, relayHint }: AcceptDependencies,
  order: UploadOrder,
  batch: BatchRecord,
  { imageId, ...facts }: StoredFile,
  position: number,
): Promise<ImageRecord> {
  const now = clock.now();
  const image: NewImage = {
    id: imageId,
    ...facts,
    ownerId: order.owner.id,
    ownerEmail: order.owner.email,
    batchId: batch.id,
    lane: laneOf(order),
    requestId: order.requestId,
    requestedFolder: order.folder,
    uploadedAt: now,
    idempotencyKey: order.idempotencyKey === null ? null : `${order.idempotencyKey}/${position}`,
  };
  const event = stageTrigger(image, 'extract', now);
  const outcome = await orUnavailable(catalog.acceptImage(image, event));
  crashPoint('upload:image-recorded');
  if (outcome.image.sha256 !== facts.sha256) throw new IdempotencyKeyReusedError();
  if (outcome.kind === 'accepted') relayHint(event);
  return outcome.image;
}

const laneOf = ({ files }: UploadOrder): Lane => (files.length > interactiveFiles ? 'bulk' : 'interactive');

/** Its images may all be done by now. A failure costs nothing: the sweeper finishes what is left open. */
async function finishBatch({ catalog, clock, relayHint, log }: AcceptDependencies, batch: BatchRecord) {
  const now = clock.now();
  try {
    await catalog.sealBatch(batch.id);
    const event = batchCompletedEntry({ ...batch, batchId: batch.id }, now);
    if (await catalog.settleBatch(batch.id, now, event)) relayHint(event);
  } catch (error) {
    log.warn({ batchId: batch.id, reason: messageOf(error) }, 'a batch is left to the sweeper');
  }
}

const orUnavailable = async <Result>(step: Promise<Result>): Promise<Result> =>
  step.catch((error: unknown) => {
    throw error instanceof AppError ? error : new StorageUnavailableError(error);
  });
