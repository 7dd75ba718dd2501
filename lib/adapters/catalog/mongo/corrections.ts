import type { CorrectionCatalog, CorrectionOutcome } from '../catalog.ts';
import { applyCorrection } from '../corrections.ts';
import type { Change } from './change-document.ts';
import { changePlace } from './change-image.ts';
import { imageChanges, imageFields, toImage, type ImageDocument } from './documents.ts';
import { someDate } from './migrations.ts';
import type { Store } from './store.ts';

/** What people say of their images, and the trash. */
export const createCorrections = (store: Store): CorrectionCatalog => ({
  correctImage: (request) =>
    changePlace<CorrectionOutcome>(store, request.imageId, (document) => correct(document, request), {
      kind: 'name-taken',
    }),
  expiredTrash: (until, limit) =>
    store.run(async ({ images }) => {
      const filter = { deletedAt: { ...someDate, $lte: until } };
      const expired = images.find(filter, { sort: { deletedAt: 1 }, limit, projection: imageFields });
      return (await expired.toArray()).map(toImage);
    }),
  purgeImage: (imageId, until) =>
    store.run(async ({ images }, isRetry) => {
      const filter = { _id: imageId, deletedAt: { ...someDate, $lte: until } };
      if ((await images.deleteOne(filter)).deletedCount === 1) return true;
      return isRetry && (await images.countDocuments({ _id: imageId })) === 0; // an earlier try did it
    }),
});

function correct(
  document: ImageDocument | undefined,
  { ownerId, correction, by, now, event }: Parameters<CorrectionCatalog['correctImage']>[0],
): Change<ImageDocument, CorrectionOutcome> {
  const isTrashed = Boolean(document?.deletedAt);
  if (document?.ownerId !== ownerId || isTrashed !== (correction.kind === 'restore'))
    return { outcome: { kind: 'missing' } };
  const before = toImage(document);
  const image = applyCorrection(before, correction, { by, now });
  if (!image) return { outcome: { kind: 'unchanged', image: before } };
  const entry = event(before, image);
  return {
    outcome: { kind: 'corrected', image, event: entry },
    set: imageChanges(document, image, now),
    event: entry,
  };
}
