import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { WebhookBody } from '@image-organizer/contracts/http/webhook';
import type { Links } from './links.ts';

/** A webhook lists this many images; `data.total` says how many there are, GET /api/images?batch=… has the rest. */
export const imagesPerWebhook = 1_000;
/** Records are large: texts are in them. */
const pageSize = 100;

/** What is sent when a batch is completed. An image that was corrected or deleted since is told of as it is now. */
export async function batchCompletedBody(
  catalog: Catalog,
  batch: BatchRecord,
  links: Links,
): Promise<WebhookBody> {
  const { id, total, organized, failed } = batch;
  return {
    type: 'batch.completed',
    timestamp: (batch.completedAt ?? batch.createdAt).toISOString(),
    data: {
      ...{ batchId: id, total, organized, failed },
      downloadUrl: links.batchZip(id),
      images: (await imagesOf(catalog, batch)).map(({ id, filename, placement, status }) => ({
        id,
        filename: placement?.filename ?? filename,
        folder: placement?.folder ?? null,
        status,
        url: links.original(id),
      })),
    },
  };
}

type ListedImage = Pick<ImageRecord, 'id' | 'filename' | 'placement' | 'status'>;

async function imagesOf(catalog: Catalog, { id: batchId, ownerId }: BatchRecord): Promise<ListedImage[]> {
  const images: ListedImage[] = [];
  let cursor: string | null = null;
  do {
    const page = await catalog.listImages({
      ...{ ownerId, batchId, sort: 'uploadedAt', limit: pageSize },
      ...(cursor === null ? {} : { cursor }),
    });
    images.push(
      ...page.items.map(({ id, filename, placement, status }) => ({ id, filename, placement, status })),
    );
    cursor = page.nextCursor;
  } while (cursor !== null && images.length < imagesPerWebhook);
  return images;
}

/** What is sent when an owner tries an endpoint. */
export const testBody = (endpointId: string, at: Date): WebhookBody => ({
  type: 'webhook.test',
  timestamp: at.toISOString(),
  data: { webhookId: endpointId },
});
