import type { CorrectionCatalog, CorrectionExample, CorrectionOutcome } from '../catalog.ts';
import { applyCorrection, isWithinReach } from '../corrections.ts';
import type { Database } from '../../sqlite/database.ts';
import { imageTable, toImage, type ImageTable } from './images.ts';
import { recordEvent } from './outbox.ts';
import { isNameTaken } from './stages.ts';

/** What people say of their images, and the trash. */
export function createCorrections(database: Database): CorrectionCatalog {
  const images = imageTable(database);
  return {
    correctImage: async (request) => database.transaction(() => correct(database, images, request)),
    async recentCorrections(ownerId, limit) {
      return database.all<CorrectionExample>(
        `SELECT doc ->> '$.filename' AS filename, doc ->> '$.caption' AS caption, folder FROM images
         WHERE owner_id = :ownerId AND corrected_at IS NOT NULL AND deleted_at IS NULL
         ORDER BY corrected_at DESC LIMIT :limit`,
        { ownerId, limit },
      );
    },
    async expiredTrash(until, limit) {
      return database
        .all<{ doc: string }>(
          'SELECT doc FROM images WHERE deleted_at <= :until ORDER BY deleted_at LIMIT :limit',
          { until: until.toISOString(), limit },
        )
        .map(({ doc }) => toImage(doc));
    },
    purgeImage: async (id, until) =>
      database.transaction(() => {
        const { deletedAt } = images.find(id) ?? {};
        if (!deletedAt || deletedAt > until) return false;
        database.run('DELETE FROM images WHERE id = :id', { id });
        return true;
      }),
  };
}

function correct(
  database: Database,
  images: ImageTable,
  { ownerId, imageId, correction, by, now, event }: Parameters<CorrectionCatalog['correctImage']>[0],
): CorrectionOutcome {
  const before = images.find(imageId);
  if (before?.ownerId !== ownerId || !isWithinReach(before, correction)) return { kind: 'missing' };
  const image = applyCorrection(before, correction, { by, now });
  if (!image) return { kind: 'unchanged', image: before };
  if (image.placement && !image.deletedAt && isNameTaken(database, image, image.placement))
    return { kind: 'name-taken' };
  const entry = event(before, image);
  images.update(image, now);
  if (entry) recordEvent(database, imageId, entry);
  return { kind: 'corrected', image, event: entry };
}
