import { randomUUID } from 'node:crypto';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Correction } from '@image-organizer/adapters/catalog/corrections';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { noLibraryTree, type LibraryTree } from '@image-organizer/adapters/library-tree/library-tree';
import { systemClock } from '@image-organizer/platform/clock';
import { extractResult, rendition } from '@image-organizer/testing/builders';
import { organized } from '@image-organizer/testing/catalog-suite/harness';
import { createOnImageOrganized } from '../src/consumers/on-image-organized.ts';

const ownerId = randomUUID();
let catalog: Catalog;
let published: Map<string, string>;
let follow: (imageId: string) => Promise<void>;
beforeEach(() => {
  catalog = createSqliteCatalog({ path: ':memory:' });
  published = new Map();
  const library: LibraryTree = {
    ...noLibraryTree,
    publish: async (blob, imageId) => void published.set(imageId, blob),
    unpublish: async (imageId) => void published.delete(imageId),
  };
  const followed = createOnImageOrganized({ catalog, library, clock: systemClock, relayHint: () => {} });
  follow = (imageId) => followed({ imageId, ownerId, batchId: randomUUID(), folder: '', filename: '' });
});
afterEach(() => catalog.close());

it('When an image is organised, then its compressed copy is published; in the trash, it is not; restored, it is again', async () => {
  const compressed = rendition({ blobId: 'image-1.1.compressed' });
  const renditions = { small: rendition(), medium: rendition(), compressed };
  const { id } = await organized(catalog, { ownerId }, { extract: extractResult({ renditions }) });
  const say = (correction: Correction) =>
    catalog.correctImage({
      ownerId,
      imageId: id,
      correction,
      by: 'ada@example.org',
      now: new Date(),
      event: () => null,
    });

  await follow(id);
  expect([...published]).toEqual([[id, 'image-1.1.compressed']]);
  await say({ kind: 'trash' });
  await follow(id);
  expect([...published]).toEqual([]);
  await say({ kind: 'restore', placedName: 'a.jpg' });
  await follow(id);
  expect([...published]).toEqual([[id, 'image-1.1.compressed']]);
});
