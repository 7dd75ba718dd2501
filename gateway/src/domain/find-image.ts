import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import { AppError } from '@image-organizer/platform/errors';
import { z } from 'zod';

export class ImageNotFoundError extends AppError {
  readonly code = 'IMAGE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such image.');
  }
}

export class BatchNotFoundError extends AppError {
  readonly code = 'BATCH_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such upload.');
  }
}

const isUuid = (id: unknown): id is string => z.uuid().safeParse(id).success;

/** Whatever is no id is an id that nobody has. @throws ImageNotFoundError */
export function imageIdOf(id: unknown): string {
  if (!isUuid(id)) throw new ImageNotFoundError();
  return id;
}

/** @throws ImageNotFoundError */
export async function findImage(catalog: Catalog, ownerId: string, id: unknown): Promise<ImageRecord> {
  const image = await catalog.getImage(ownerId, imageIdOf(id));
  if (!image) throw new ImageNotFoundError();
  return image;
}

/** For who holds a signed link: whose image it is does not matter. @throws ImageNotFoundError */
export async function findSharedImage(catalog: Catalog, id: unknown): Promise<ImageRecord> {
  const [image] = isUuid(id) ? await catalog.findImages([id]) : [];
  if (!image || image.deletedAt) throw new ImageNotFoundError();
  return image;
}

/** @throws BatchNotFoundError */
export async function findBatch(catalog: Catalog, ownerId: string, id: unknown): Promise<BatchRecord> {
  const batch = isUuid(id) ? await catalog.getBatch(ownerId, id) : undefined;
  if (!batch) throw new BatchNotFoundError();
  return batch;
}
