import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord, NewImage, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { Clock } from '@image-organizer/platform/clock';
import { crashPoint } from '@image-organizer/platform/crash-point';
import { stageTrigger } from '../stage-trigger.ts';
import type { StoredFile } from './receive-files.ts';

/** Whose image a stored file becomes, and in which batch. */
export type FileOrder = Pick<
  NewImage,
  'ownerId' | 'ownerEmail' | 'batchId' | 'lane' | 'requestId' | 'requestedFolder' | 'idempotencyKey'
>;

export interface AcceptFileDependencies {
  catalog: Catalog;
  clock: Clock;
  /** The entry is in the outbox. */
  relayHint: (entry: OutboxEntry) => void;
}

/**
 * Makes a stored file an image, with the event that begins its way in the outbox.
 * @returns the image that has the order's idempotency key: another one where the key was taken
 */
export async function acceptFile(
  { catalog, clock, relayHint }: AcceptFileDependencies,
  { imageId, ...facts }: StoredFile,
  order: FileOrder,
): Promise<ImageRecord> {
  const now = clock.now();
  const image: NewImage = { id: imageId, ...facts, ...order, uploadedAt: now };
  const event = stageTrigger(image, 'extract', now);
  const outcome = await catalog.acceptImage(image, event);
  crashPoint('upload:image-recorded');
  if (outcome.kind === 'accepted') relayHint(event);
  return outcome.image;
}
