import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord, ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { Quota } from '@image-organizer/contracts/http/access-token';
import type { Lane } from '@image-organizer/contracts/vocabulary';
import { acceptFile } from '@image-organizer/pipeline/intake/accept-file';
import type { ReceivedFile, StoredFile } from '@image-organizer/pipeline/intake/receive-files';
import { StorageUnavailableError } from '@image-organizer/pipeline/intake/storage-unavailable';
import { batchCompletedEntry } from '@image-organizer/pipeline/outbox-entry';
import { quotaOr } from '@image-organizer/pipeline/quota';
import type { Clock } from '@image-organizer/platform/clock';
import { AppError, messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { keepWithinQuota } from './quota.ts';
import { NothingAcceptedError, refusedOf } from './refusal.ts';
import { IdempotencyKeyReusedError } from './upload-errors.ts';

/** What the owner wants done with the files of one request. */
export interface UploadOrder {
  owner: { id: string; email: string; quota: Quota };
  /** At least one of them is stored. */
  files: ReceivedFile[];
  /** A clean folder path. */
  folder: string | null;
  notify: boolean;
  /** Called when all of them are done. */
  callbackUrl: string | null;
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
  /** For accounts that have none of their own. */
  defaultQuota: Quota;
}

export interface AcceptedUpload {
  batchId: string;
  /** One per stored file that there was room for, in their order; those of a repeated request are the first request's. */
  images: ImageRecord[];
  /** Those of the order; what the quota had no room for is refused. */
  files: ReceivedFile[];
}

/** Uploads of more files than this take the slow lane, so that a person with one image does not wait behind them. */
const interactiveFiles = 20;

/**
 * Makes stored files images of one batch (delivery.md, step 2). When it returns, the images are in the catalogue and
 * every event is in the outbox: the client may be told 202.
 * @throws NothingAcceptedError, IdempotencyKeyReusedError, StorageUnavailableError
 */
export async function acceptUpload(
  dependencies: AcceptDependencies,
  order: UploadOrder,
): Promise<AcceptedUpload> {
  const id = dependencies.newId();
  const batch = await orUnavailable(openBatch(dependencies, order, id));
  if (batch.kind !== 'upload') throw new IdempotencyKeyReusedError(); // an import's key
  const images: ImageRecord[] = [];
  let files: ReceivedFile[];
  try {
    const quota = quotaOr(order.owner.quota, dependencies.defaultQuota);
    const room = { files: order.files, quota, isRepeated: batch.id !== id };
    files = await orUnavailable(keepWithinQuota(dependencies.catalog, batch, room));
    for (const [position, file] of files.entries()) {
      if ('stored' in file)
        images.push(await acceptStored(dependencies, order, batch, file.stored, position));
    }
  } catch (error) {
    // With a key the batch waits for the client to repeat the request; the sweeper closes it where none comes.
    if (order.idempotencyKey === null) await finishBatch(dependencies, batch);
    throw error;
  }
  await finishBatch(dependencies, batch);
  if (images.length === 0) throw new NothingAcceptedError(refusedOf(files));
  return { batchId: batch.id, images, files };
}

function openBatch({ catalog, clock, graceSeconds }: AcceptDependencies, order: UploadOrder, id: string) {
  const now = clock.now();
  return catalog.openBatch({
    id,
    kind: 'upload',
    ownerId: order.owner.id,
    ownerEmail: order.owner.email,
    notify: order.notify,
    callbackUrl: order.callbackUrl,
    requestId: order.requestId,
    createdAt: now,
    idempotencyKey: order.idempotencyKey,
    expiresAt: new Date(now.getTime() + graceSeconds * 1000),
  });
}

async function acceptStored(
  dependencies: AcceptDependencies,
  order: UploadOrder,
  batch: BatchRecord,
  stored: StoredFile,
  position: number,
): Promise<ImageRecord> {
  const image = await orUnavailable(
    acceptFile(dependencies, stored, {
      ownerId: order.owner.id,
      ownerEmail: order.owner.email,
      batchId: batch.id,
      lane: laneOf(order),
      requestId: order.requestId,
      requestedFolder: order.folder,
      idempotencyKey: order.idempotencyKey === null ? null : `${order.idempotencyKey}/${position}`,
    }),
  );
  if (image.sha256 !== stored.sha256) throw new IdempotencyKeyReusedError();
  return image;
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
