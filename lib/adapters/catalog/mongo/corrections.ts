import type { CorrectionCatalog, CorrectionOutcome } from '../catalog.ts';
import { applyCorrection, isWithinReach } from '../corrections.ts';
import type { Change } from './change-document.ts';
import { changePlace } from './change-image.ts';
import { imageChanges, imageFields, toImage, type ImageDocument } from './documents.ts';
import { someDate } from './migrations.ts';
import type { Store } from './store.ts';
import { countedFields } from './tally-counts.ts';

/** What people say of their images, and the trash. */
export const createCorrections = (store: Store): CorrectionCatalog => ({
  correctImage: (request) =>
    changePlace<CorrectionOutcome>(store, request.imageId, (document) => correct(document, request), {
      kind: 'name-taken',
    }),
  recentCorrections: (ownerId, limit) =>
    store.run(async ({ images }) => {
      const filter = { ownerId, correctedAt: someDate, 'placement.by': 'user', deletedAt: null } as const;
      const projection = { filename: 1, caption: 1, 'placement.folder': 1 };
      const corrected = images.find(filter, { sort: { correctedAt: -1 }, limit, projection });
      return (await corrected.toArray()).map(({ filename, caption, placement }) => ({
        ...{ filename, caption, folder: placement!.folder },
      }));
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
      const gone = await images.findOneAndDelete(filter, { projection: countedFields });
      if (gone) store.tallies.changed(gone.ownerId, gone, undefined);
      if (gone) return true;
      return isRetry && (await images.countDocuments({ _id: imageId })) === 0; // an earlier try did it
    }),
});

function correct(
  document: ImageDocument | undefined,
  { ownerId, correction, by, now, event }: Parameters<CorrectionCatalog['correctImage']>[0],
): Change<ImageDocument, CorrectionOutcome> {
  if (document?.ownerId !== ownerId || !isWithinReach(document, correction))
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
