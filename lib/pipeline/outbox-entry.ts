import { randomUUID } from 'node:crypto';
import type { EventDefinition } from '@image-organizer/contracts/define-event';
import type { Envelope } from '@image-organizer/contracts/envelope';
import { batchCompleted } from '@image-organizer/contracts/events/batch-completed';
import { imageFailed } from '@image-organizer/contracts/events/image-failed';
import { imageOrganized } from '@image-organizer/contracts/events/image-organized';
import type { Failure, Lane, StageName } from '@image-organizer/contracts/vocabulary';
import type { ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { OutgoingMessage } from '@image-organizer/adapters/message-bus/message-bus';
import { traceContext } from '@image-organizer/platform/tracing';

/** An event as it is recorded with the change that it tells of. */
export function outboxEntry<Data>(
  event: EventDefinition<string, Data>,
  data: Data,
  context: { lane: Lane; requestId: string | null; now: Date },
): OutboxEntry {
  const { lane, requestId, now } = context;
  return {
    id: randomUUID(),
    event: event.name,
    version: event.version,
    data,
    lane,
    requestId,
    ...traceContext(),
    createdAt: now,
  };
}

/** The same entry always becomes the same message, so that publishing it twice is harmless. */
export function messageOfEntry(entry: OutboxEntry): OutgoingMessage {
  const envelope: Envelope = {
    id: entry.id,
    name: entry.event,
    version: entry.version,
    occurredAt: entry.createdAt.toISOString(),
    requestId: entry.requestId,
    traceparent: entry.traceparent,
    data: entry.data,
  };
  return { id: entry.id, event: entry.event, lane: entry.lane, body: JSON.stringify(envelope) };
}

/** Tells the organizer that an image is lost to its batch. */
export function imageFailedEntry(
  image: ImageRecord,
  stage: StageName,
  error: Failure,
  now: Date,
): OutboxEntry {
  const data = { imageId: image.id, ownerId: image.ownerId, batchId: image.batchId, stage, error };
  return outboxEntry(imageFailed, data, { lane: image.lane, requestId: image.requestId, now });
}

/**
 * Begins what follows once an image has its place.
 * @param before the placement it had, if any: the place that it has left is told
 */
export function imageOrganizedEntry(
  image: ImageRecord,
  now: Date,
  before: ImageRecord['placement'] = null,
): OutboxEntry {
  if (!image.placement) throw new Error(`image ${image.id} has no placement`);
  const { folder, filename } = image.placement;
  const data = {
    imageId: image.id,
    ownerId: image.ownerId,
    batchId: image.batchId,
    folder,
    filename,
    from: placeLeft(image, before),
  };
  return outboxEntry(imageOrganized, data, { lane: image.lane, requestId: image.requestId, now });
}

function placeLeft({ placement, deletedAt }: ImageRecord, before: ImageRecord['placement']) {
  if (!before) return undefined;
  const { folder, filename } = before;
  const isThere = !deletedAt && placement?.folder === folder && placement.filename === filename;
  return isThere ? undefined : { folder, filename };
}

export function batchCompletedEntry(
  batch: { batchId: string; ownerId: string; requestId: string | null },
  now: Date,
): OutboxEntry {
  const { batchId, ownerId, requestId } = batch;
  return outboxEntry(batchCompleted, { batchId, ownerId }, { lane: 'interactive', requestId, now });
}
