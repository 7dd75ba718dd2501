import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import { messageOfEntry } from '@image-organizer/pipeline/outbox-entry';
import { stageTrigger } from '@image-organizer/pipeline/stage-trigger';
import type { Cluster } from '../../e2e/support/cluster.ts';
import { tinyImage } from '../../e2e/faults/support/tiny-images.ts';

/** Images of one owner, one batch: as many as one upload may have. */
const perBatch = 1_000;
const atOnce = 16;

/**
 * Images that wait for their first stage, as the gateway would have made them, without its HTTP: bytes in the blob store,
 * image in the catalogue, image.uploaded on the queue. They are tiny and nobody wants an email.
 * @returns their ids
 */
export async function queueImages(cluster: Cluster, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += perBatch)
    ids.push(...(await queueBatch(cluster, Math.min(perBatch, count - from))));
  return ids;
}

async function queueBatch({ catalog, blobs, bus }: Cluster, count: number): Promise<string[]> {
  const owner = { ownerId: randomUUID(), ownerEmail: 'backlog@example.com' };
  const batch = {
    id: randomUUID(),
    kind: 'upload' as const,
    ...owner,
    notify: false,
    callbackUrl: null,
    requestId: null,
    createdAt: new Date(),
  };
  const expiresAt = new Date(Date.now() + 3_600_000);
  await catalog.openBatch({ ...batch, idempotencyKey: null, expiresAt });

  async function queueOne(id: string) {
    const now = new Date();
    const { name: filename, bytes } = await tinyImage();
    const { size, sha256 } = await blobs.put(originalBlobId(id), Readable.from([Buffer.from(bytes)]));
    const image = {
      ...{ id, ...owner, batchId: batch.id, filename, contentType: 'image/png', size, sha256 },
      ...{ lane: 'bulk' as const, requestId: null, requestedFolder: null, uploadedAt: now },
      idempotencyKey: null,
    };
    const event = stageTrigger(image, 'extract', now);
    await catalog.acceptImage(image, event);
    await bus.publish(messageOfEntry(event));
    await catalog.markPublished(event);
  }

  const ids = Array.from({ length: count }, () => randomUUID());
  const queue = ids.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const id of queue) await queueOne(id);
    }),
  );
  await catalog.sealBatch(batch.id);
  return ids;
}
