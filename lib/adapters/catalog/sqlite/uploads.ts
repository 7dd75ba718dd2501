import type { UploadCatalog } from '../catalog.ts';
import type { ImageRecord, NewImage, OutboxEntry } from '../records.ts';
import { accepted } from '../stage-changes.ts';
import type { Database } from '../../sqlite/database.ts';
import { imageTable, toImage } from './images.ts';
import { recordEvent } from './outbox.ts';

type Uploads = Pick<UploadCatalog, 'openUpload' | 'closeUpload' | 'expiredUploads' | 'acceptImage'>;

/** Intents to upload, and the images they become. */
export function createUploads(database: Database): Uploads {
  const images = imageTable(database);

  function closeUpload(imageId: string): void {
    database.run('DELETE FROM uploads WHERE image_id = :imageId', { imageId });
  }

  function accept(newImage: NewImage, event: OutboxEntry) {
    const before = findByKey(database, newImage);
    if (before) return { kind: 'replayed' as const, image: before };
    const image = accepted(newImage, oldestWithSameBytes(database, newImage));
    images.insert(image, newImage.idempotencyKey);
    recordEvent(database, image.id, event);
    closeUpload(image.id);
    return { kind: 'accepted' as const, image };
  }

  return {
    async openUpload({ imageId, ownerId, expiresAt }) {
      database.run('INSERT OR REPLACE INTO uploads VALUES (:imageId, :ownerId, :expiresAt)', {
        imageId,
        ownerId,
        expiresAt: expiresAt.toISOString(),
      });
    },
    closeUpload: async (imageId) => closeUpload(imageId),
    async expiredUploads(now, limit) {
      return database.all<{ imageId: string }>(
        'SELECT image_id AS imageId FROM uploads WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit',
        { now: now.toISOString(), limit },
      );
    },
    acceptImage: async (image, event) => database.transaction(() => accept(image, event)),
  };
}

function findByKey(database: Database, { ownerId, idempotencyKey }: NewImage): ImageRecord | undefined {
  const row = database.get<{ doc: string }>(
    'SELECT doc FROM images WHERE owner_id = :ownerId AND idempotency_key = :idempotencyKey',
    { ownerId, idempotencyKey },
  );
  return row && toImage(row.doc);
}

function oldestWithSameBytes(database: Database, { ownerId, sha256 }: NewImage): string | null {
  const row = database.get<{ id: string }>(
    `SELECT id FROM images WHERE owner_id = :ownerId AND sha256 = :sha256 AND deleted_at IS NULL
     ORDER BY uploaded_at, id LIMIT 1`,
    { ownerId, sha256 },
  );
  return row?.id ?? null;
}
