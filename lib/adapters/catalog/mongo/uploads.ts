import type { UploadCatalog } from '../catalog.ts';
import type { ImageRecord, NewImage } from '../records.ts';
import { accepted } from '../stage-changes.ts';
import { imageFields, newImageDocument, toImage } from './documents.ts';
import { isDuplicate, type Collections, type Store } from './store.ts';

type Uploads = Pick<UploadCatalog, 'openUpload' | 'closeUpload' | 'expiredUploads' | 'acceptImage'>;

/** Intents to upload, and the images they become. */
export const createUploads = (store: Store): Uploads => ({
  openUpload: ({ imageId, ownerId, expiresAt }) =>
    store.run(async ({ uploads }) => {
      await uploads.updateOne({ _id: imageId }, { $set: { ownerId, expiresAt } }, { upsert: true });
    }),
  closeUpload: (imageId) => store.run((collections) => closeUpload(collections, imageId)),
  expiredUploads: (now, limit) =>
    store.run(async ({ uploads }) => {
      const expired = uploads.find({ expiresAt: { $lte: now } }, { sort: { expiresAt: 1 }, limit });
      return (await expired.toArray()).map(({ _id }) => ({ imageId: _id }));
    }),
  async acceptImage(newImage, event) {
    const outcome = await store.run(async (collections, isRetry) => {
      const before = await findAccepted(collections, newImage, isRetry);
      if (before) return before;
      const image = accepted(newImage, await oldestWithSameBytes(collections, newImage));
      try {
        await collections.images.insertOne(newImageDocument(image, newImage.idempotencyKey, event));
        return { kind: 'accepted' as const, image };
      } catch (error) {
        const first = isDuplicate(error) && (await findAccepted(collections, newImage, isRetry, true));
        if (!first) throw error;
        return first;
      }
    });
    // The image is in. An intent that stays is no harm: the sweeper asks for its image before it deletes anything.
    if (outcome.kind === 'accepted') {
      await store.run((collections) => closeUpload(collections, newImage.id)).catch(() => undefined);
    }
    return outcome;
  },
});

async function closeUpload({ uploads }: Collections, imageId: string): Promise<void> {
  await uploads.deleteOne({ _id: imageId });
}

/**
 * The image that is there already: the one that has the key, or this very one. It is this call's own where an earlier
 * try may have inserted it.
 * @param byId also without a key or a lost try: the insert has just been refused
 */
async function findAccepted(
  { images }: Collections,
  { id, ownerId, idempotencyKey }: NewImage,
  isRetry: boolean,
  byId = isRetry,
): Promise<{ kind: 'accepted' | 'replayed'; image: ImageRecord } | undefined> {
  const document =
    (idempotencyKey === null
      ? null
      : await images.findOne({ ownerId, idempotencyKey }, { projection: imageFields })) ??
    (byId ? await images.findOne({ _id: id, ownerId }, { projection: imageFields }) : null);
  if (!document) return undefined;
  return { kind: isRetry && document._id === id ? 'accepted' : 'replayed', image: toImage(document) };
}

/** Two at once may both be the oldest: a lookup is enough, for nothing is shared but the name. */
async function oldestWithSameBytes(
  { images }: Collections,
  { ownerId, sha256 }: NewImage,
): Promise<string | null> {
  const oldest = await images.findOne(
    { ownerId, sha256, deletedAt: null },
    { sort: { uploadedAt: 1, _id: 1 }, projection: { _id: 1 } },
  );
  return oldest?._id ?? null;
}
