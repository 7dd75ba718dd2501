import { stageNames, type StageName } from '@image-organizer/contracts/vocabulary';
import { nameKey } from '../cursor.ts';
import type { ImageRecord, StageState } from '../records.ts';
import type { Database } from '../../sqlite/database.ts';

/** The documents of table images: read whole, changed in memory, written whole, inside a transaction of the caller's. */
export interface ImageTable {
  find(imageId: string): ImageRecord | undefined;
  /** @param image touched when it was uploaded */
  insert(image: ImageRecord, idempotencyKey: string | null): void;
  /** @param touchedAt when the image came to its present stage or was queued for it again; missing: as it was */
  update(image: ImageRecord, touchedAt?: Date): void;
}

export const imageTable = (database: Database): ImageTable => ({
  find(id) {
    const row = database.get<{ doc: string }>('SELECT doc FROM images WHERE id = :id', { id });
    return row && toImage(row.doc);
  },
  insert(image, idempotencyKey) {
    database.run(
      `INSERT INTO images (idempotency_key, sort_name, touched_at, doc) VALUES (:idempotencyKey, :sortName, :touchedAt, :doc)`,
      {
        idempotencyKey,
        sortName: nameKey(image.filename),
        touchedAt: image.uploadedAt.toISOString(),
        doc: JSON.stringify(image),
      },
    );
  },
  update(image, touchedAt) {
    database.run(
      `UPDATE images SET doc = :doc, sort_name = :sortName, placed_name = :placedName, touched_at = coalesce(:touchedAt, touched_at) WHERE id = :id`,
      {
        id: image.id,
        doc: JSON.stringify(image),
        sortName: nameKey(image.filename),
        placedName: image.placement && nameKey(image.placement.filename),
        touchedAt: touchedAt?.toISOString() ?? null,
      },
    );
  },
});

type Stored<Type> = Type extends Date
  ? string
  : Type extends (infer Item)[]
    ? Stored<Item>[]
    : Type extends object
      ? { [Key in keyof Type]: Stored<Type[Key]> }
      : Type;

/** An image as it was before it was written: JSON has no dates. */
export function toImage(doc: string): ImageRecord {
  const { correctedAt, ...image } = JSON.parse(doc) as Stored<ImageRecord>;
  return {
    ...image,
    userFields: image.userFields ?? [], // an image from before there were corrections has none
    pastPlacements: image.pastPlacements ?? [],
    uploadedAt: new Date(image.uploadedAt),
    organizedAt: toDate(image.organizedAt),
    deletedAt: toDate(image.deletedAt),
    ...(correctedAt !== undefined && { correctedAt: new Date(correctedAt) }),
    stages: Object.fromEntries(
      stageNames.map((stage): [StageName, StageState] => {
        const state = image.stages[stage];
        return [stage, { ...state, leaseUntil: toDate(state.leaseUntil) }];
      }),
    ) as ImageRecord['stages'],
    history: image.history.map((item) => ({ ...item, at: new Date(item.at) })),
  };
}

export const toDate = (stored: string | null): Date | null => (stored === null ? null : new Date(stored));
