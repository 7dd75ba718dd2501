import type { Filter } from 'mongodb';
import type { UploadCatalog } from '../catalog.ts';
import type { ImageRecord, NewImage } from '../records.ts';
import { accepted } from '../stage-changes.ts';
import type { IntentCloser } from './close-intents.ts';
import { imageFields, newImageDocument, toImage, type ImageDocument } from './documents.ts';
import { isDuplicate, type Collections, type Store } from './store.ts';

type Uploads = Pick<UploadCatalog, 'openUpload' | 'closeUpload' | 'expiredUploads' | 'acceptImage'>;

/** Intents to upload, and the images they become. */
export const createUploads = (store: Store, intents: IntentCloser): Uploads => ({
  openUpload: ({ imageId, ownerId, expiresAt }) =>
    store.run(async ({ uploads }) => {
      await uploads.updateOne({ _id: imageId }, { $set: { ownerId, expiresAt } }, { upsert: true });
    }),
  closeUpload: (imageId) =>
    store.run(async ({ uploads }) => {
      await uploads.deleteOne({ _id: imageId });
    }),
  async expiredUploads(now, limit) {
    await intents.closed();
    return store.run(async ({ uploads }) => {
      const expired = uploads.find({ expiresAt: { $lte: now } }, { sort: { expiresAt: 1 }, limit });
      return (await expired.toArray()).map(({ _id }) => ({ imageId: _id }));
    });
  },
  async acceptImage(newImage, event) {
    await store.tallies.begin(newImage.ownerId);
    const outcome = await store.run(async (collections, isRetry) => {
      const image = accepted(newImage, await oldestWithSameBytes(collections, newImage));
      try {
        await collections.images.insertOne(newImageDocument(image, newImage.idempotencyKey, event));
        return { kind: 'accepted' as const, image };
      } catch (error) {
        const first = isDuplicate(error) && (await findAccepted(collections, newImage));
        if (!first) throw error;
        return {
          kind: isRetry && first.id === image.id ? ('accepted' as const) : ('replayed' as const),
          image: first,
        };
      }
    });
    if (outcome.kind === 'accepted') {
      intents.close(newImage.id);
      store.tallies.changed(newImage.ownerId, undefined, { ...outcome.image, stage: 'extract' });
    }
    return outcome;
  },
});

/**
 * Why an insert was refused: the image that has the key, or this very one, which an earlier try may have inserted. To
 * insert first and to look then spares every new image a look; and MongoDB refuses as it acknowledges, when a
 * majority has what stands in the way.
 */
async function findAccepted(
  { images }: Collections,
  { id, ownerId, idempotencyKey }: NewImage,
): Promise<ImageRecord | undefined> {
  const find = (filter: Filter<ImageDocument>) =>
    images.findOne({ ownerId, ...filter }, { projection: imageFields });
  const withKey = idempotencyKey === null ? null : await find({ idempotencyKey });
  const document = withKey ?? (await find({ _id: id }));
  return document ? toImage(document) : undefined;
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
