import { join } from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import { imageIdOfBlob } from '@image-organizer/adapters/blob-store/blob-ids';
import type { BlobId, BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { blobsOf } from '@image-organizer/pipeline/orphan-scan';
import { silentLog } from '@image-organizer/platform/log';
import PostalMime, { type Email } from 'postal-mime';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

export async function mailsIn(dataDirectory: string): Promise<Mail[]> {
  const directory = join(dataDirectory, 'mail');
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.eml'));
  return Promise.all(
    names.map(async (name) => mailOf(await PostalMime.parse(await readFile(join(directory, name))))),
  );
}

export const mailOf = ({ to, subject, text, html }: Email): Mail => ({
  to: to?.[0]?.address ?? '',
  subject: subject ?? '',
  text: text ?? '',
  html: html ?? '',
});

/** What the catalogue and the blob store hold of these images, and what of it is amiss. */
export async function inspectStores(
  { catalog, blobs }: { catalog: Catalog; blobs: BlobStore },
  imageIds: string[],
) {
  const images = await catalog.findImages(imageIds);
  const stored = await allBlobs(blobs);
  const owners = await catalog.findImages([...new Set(stored.map(imageIdOfBlob))]);
  const named = new Set(owners.flatMap(blobsOf));
  return {
    images,
    missing: imageIds.filter((id) => !images.some((image) => image.id === id)),
    unsettled: images
      .filter(({ status }) => status !== 'organized' && status !== 'failed')
      .map(({ id }) => id),
    doneTwice: images.filter(doneTwice).map(({ id }) => id),
    orphanBlobs: stored.filter((id) => !named.has(id)),
    lostBlobs: [...named].filter((id) => !stored.includes(id)),
    outbox: (await catalog.dueOutbox(1000)).length,
    openUploads: (await catalog.expiredUploads(new Date(8.64e15), 1000)).length,
  };
}

/** Everything in a stopped server's data directory that must hold after a drain (design: delivery.md, the oracle). */
export async function inspect(dataDirectory: string, imageIds: string[]) {
  const catalog = createSqliteCatalog({ path: join(dataDirectory, 'catalog.db') });
  const blobs = await createDiskBlobStore({ directory: join(dataDirectory, 'blobs'), log: silentLog() });
  try {
    return { ...(await inspectStores({ catalog, blobs }, imageIds)), mails: await mailsIn(dataDirectory) };
  } finally {
    await Promise.all([catalog.close(), blobs.close()]);
  }
}

/** What `inspect` finds when nothing was lost, nothing done twice and nothing left over. */
export const nothingAmiss = {
  missing: [],
  unsettled: [],
  doneTwice: [],
  orphanBlobs: [],
  lostBlobs: [],
  outbox: 0,
  openUploads: 0,
};

const doneTwice = ({ history }: ImageRecord) =>
  (['extract', 'classify', 'organize'] as const).some(
    (stage) => history.filter((entry) => entry.stage === stage && entry.event === 'done').length > 1,
  );

async function allBlobs(blobs: BlobStore): Promise<BlobId[]> {
  const ids: BlobId[] = [];
  for (;;) {
    const after = ids.at(-1);
    const page = await blobs.list({ ...(after ? { after } : {}), limit: 1000 });
    ids.push(...page.map(({ id }) => id));
    if (page.length < 1000) return ids;
  }
}
