import { Readable } from 'node:stream';
import { originalBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import { BlobNotFoundError, type BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog, ImageListQuery } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { MissingImage } from '@image-organizer/contracts/http/export';
import type { Clock } from '@image-organizer/platform/clock';
import { AppError } from '@image-organizer/platform/errors';
import { catalogJson, catalogName, type Exported } from './export-catalog.ts';
import { createExportNames } from './export-names.ts';

export class FolderNotFoundError extends AppError {
  readonly code = 'FOLDER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such folder.');
  }
}

export interface ExportDependencies {
  blobs: BlobStore;
  catalog: Catalog;
  clock: Clock;
}

/** One file of the ZIP; whoever takes it reads or destroys `bytes`. */
export interface ExportedFile {
  name: string;
  bytes: Readable;
  modifiedAt: Date;
  /** Bytes, as far as it is known; it may end earlier. */
  size: number;
  /** False where the bytes are compressed already. */
  compressible: boolean;
}

type Scope = Pick<ImageListQuery, 'ownerId' | 'folder' | 'batchId'>;

/**
 * The originals of a folder with all below it, of a batch, or of everything, in the folders' layout; catalog.json comes
 * last, because it names what was deleted meanwhile. Nothing is opened before its turn.
 * @returns once the first images are known
 * @throws FolderNotFoundError
 */
export async function exportImages(
  dependencies: ExportDependencies,
  scope: Scope,
): Promise<AsyncGenerator<ExportedFile>> {
  const first = await pageOf(dependencies.catalog, scope);
  if (scope.folder !== undefined && first.items.length === 0)
    await requireFolder(dependencies.catalog, scope.ownerId, scope.folder);
  return filesOf(dependencies, imagesOf(dependencies.catalog, scope, first));
}

async function* filesOf(
  { blobs, catalog, clock }: ExportDependencies,
  images: AsyncIterable<ImageRecord>,
): AsyncGenerator<ExportedFile> {
  const nameOf = createExportNames([catalogName]);
  const exported: Exported[] = [];
  const missing: MissingImage[] = [];
  const exportedAt = clock.now();
  for await (const image of images) {
    const { id, placement, size, uploadedAt: modifiedAt } = image;
    const name = nameOf(placement?.folder ?? null, placement?.filename ?? image.filename);
    const blob = await blobs.open(originalBlobId(id)).catch(unlessThere(blobs, id));
    if (!blob) {
      missing.push({ id, file: name, reason: 'deleted' });
      continue;
    }
    let whole = true;
    const bytes = Readable.from(
      untilDeleted(blobs, id, blob, () => (whole = false)),
      { objectMode: false },
    );
    try {
      yield { name, bytes, modifiedAt, size, compressible: !compressed.has(image.contentType) };
    } finally {
      blob.destroy(); // a generator that was never begun would leave it open
    }
    if (whole) exported.push({ id, file: name });
    else missing.push({ id, file: name, reason: 'deleted-while-read' });
  }
  const bytes = Readable.from(catalogJson(catalog, exportedAt, exported, missing), { objectMode: false });
  yield { name: catalogName, bytes, modifiedAt: exportedAt, size: 0, compressible: true };
}

const compressed = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);

/** Ends early, rather than failing an export of gigabytes, where the blob is deleted while it is read. */
async function* untilDeleted(blobs: BlobStore, imageId: string, blob: Readable, onDeleted: () => void) {
  try {
    yield* blob;
  } catch (error) {
    await unlessThere(blobs, imageId)(error);
    onDeleted();
  }
}

/** A `catch` handler that lets errors pass where the blob is gone, however the store puts it. */
const unlessThere =
  (blobs: BlobStore, imageId: string) =>
  async (error: unknown): Promise<undefined> => {
    const isThere = await blobs.stat(originalBlobId(imageId)).then(
      () => true,
      (failure: unknown) => !(failure instanceof BlobNotFoundError),
    );
    if (isThere) throw error;
  };

async function* imagesOf(catalog: Catalog, scope: Scope, first: Awaited<ReturnType<typeof pageOf>>) {
  for (let page = first; ; page = await pageOf(catalog, scope, page.nextCursor)) {
    yield* page.items;
    if (page.nextCursor === null) return;
  }
}

const pageOf = (catalog: Catalog, scope: Scope, cursor: string | null = null) =>
  catalog.listImages({ ...scope, sort: 'uploadedAt', limit: 200, ...(cursor === null ? {} : { cursor }) });

async function requireFolder(catalog: Catalog, ownerId: string, path: string): Promise<void> {
  const folders = await catalog.listFolders(ownerId);
  if (!folders.some((folder) => folder.path === path || folder.path.startsWith(`${path}/`)))
    throw new FolderNotFoundError();
}
