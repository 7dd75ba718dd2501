import { randomUUID } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Correction } from '@image-organizer/adapters/catalog/corrections';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createHardLinkLibrary } from '@image-organizer/adapters/library-tree/hard-links';
import { systemClock } from '@image-organizer/platform/clock';
import { extractResult, organizeResult } from '@image-organizer/testing/builders';
import { organized } from '@image-organizer/testing/catalog-suite/harness';
import { createOnImageOrganized } from '../src/consumers/on-image-organized.ts';

const ownerId = randomUUID();
let directory: string;
let catalog: Catalog;
let follow: ReturnType<typeof createOnImageOrganized>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'organizer-'));
  mkdirSync(join(directory, 'blobs'));
  catalog = createSqliteCatalog({ path: ':memory:' });
  const blobs = { pathOf: (id: string) => join(directory, 'blobs', id) };
  const library = createHardLinkLibrary({ directory: join(directory, 'library'), blobs });
  follow = createOnImageOrganized({ catalog, library, clock: systemClock, relayHint: () => {} });
});
afterEach(async () => {
  await catalog.close();
  rmSync(directory, { recursive: true });
});

type Place = { folder: string; filename: string };

async function placed({ folder, filename }: Place, text = ''): Promise<string> {
  for (const path of [folder, 'Letters'])
    await catalog.ensureFolder({
      ...{ ownerId, path, description: '', commonWords: [], createdBy: 'auto' },
      now: new Date(),
    });
  const { id } = await organized(
    catalog,
    { ownerId, filename },
    { extract: extractResult({ text }), organize: organizeResult({ folder, filename }) },
  );
  writeFileSync(join(directory, 'blobs', id), id);
  await told(id);
  return id;
}

const told = (imageId: string, from?: Place) =>
  follow({ imageId, ownerId, batchId: randomUUID(), folder: '', filename: '', from });

async function say(imageId: string, correction: Correction) {
  const word = { by: 'ada@example.org', now: new Date(), event: () => null };
  expect(await catalog.correctImage({ ownerId, imageId, correction, ...word })).toMatchObject({
    kind: 'corrected',
  });
}

const files = () => globSync('**/*.jpg', { cwd: join(directory, 'library', 'ada@example.org') }).sort();
const wordsOf = async (folder: string) =>
  (await catalog.listFolders(ownerId)).find(({ path }) => path === folder)!.commonWords;

const a = { folder: 'Receipts', filename: 'a.jpg' };
const toLetters: Correction = { kind: 'correct', folder: 'Letters', placedName: 'a.jpg' };

it('When a person moves an image, then its file follows and both folders learn', async () => {
  const id = await placed(a, 'Greenfield');
  expect(await wordsOf('Receipts')).toContain('greenfield');
  await say(id, toLetters);
  await told(id, a);
  await told(id, a);
  expect(files()).toEqual(['Letters/a.jpg']);
  expect(await wordsOf('Receipts')).toEqual([]);
  expect(await wordsOf('Letters')).toContain('greenfield');
});

it('When an image is deleted, then its file goes and its folder forgets it; restored, both are back', async () => {
  const id = await placed(a, 'Greenfield');
  await say(id, { kind: 'trash' });
  await told(id, a);
  expect(files()).toEqual([]);
  expect(await wordsOf('Receipts')).toEqual([]);
  await say(id, { kind: 'restore', placedName: 'a.jpg' });
  await told(id);
  expect(files()).toEqual(['Receipts/a.jpg']);
  expect(await wordsOf('Receipts')).toContain('greenfield');
});

it('When its folder was renamed while the image came to it, then the image and its file follow', async () => {
  const id = await placed(a, 'Greenfield');
  await catalog.moveFolder({ ownerId, from: 'Receipts', to: 'Belege', now: new Date() });
  await told(id);
  const [image] = await catalog.findImages([id]);
  expect(image).toMatchObject({ placement: { ...a, folder: 'Belege', by: 'auto' } });
  const [event] = (await catalog.dueOutbox(10)).filter(({ event }) => event === 'image.organized');
  expect(event!.data).toMatchObject({ folder: 'Belege', from: a });
  await told(id, a);
  expect(files()).toEqual(['Belege/a.jpg']);
  expect(await wordsOf('Belege')).toContain('greenfield');
});

it('When its folder was removed while the image came to it, then the folder is there again', async () => {
  const id = await placed(a);
  await say(id, { kind: 'trash' });
  expect(await catalog.removeFolder(ownerId, 'Receipts')).toBe(0);
  await say(id, { kind: 'restore', placedName: 'a.jpg' });
  await told(id);
  expect((await catalog.listFolders(ownerId)).map(({ path, count }) => [path, count])).toEqual([
    ['Letters', 0],
    ['Receipts', 1],
  ]);
});

it('When another image has taken the name before the move is followed, then its file stays', async () => {
  const id = await placed(a);
  await say(id, toLetters);
  await placed(a);
  await told(id, a);
  expect(files()).toEqual(['Letters/a.jpg', 'Receipts/a.jpg']);
});

it('When moves are followed late, twice and in the wrong order, then the tree is as the catalogue says', async () => {
  const id = await placed(a);
  await say(id, toLetters);
  await say(id, { kind: 'correct', filename: 'A.jpg', placedName: 'A.jpg' });
  await say(id, { kind: 'undo', placedName: 'a.jpg' });
  const events = [{ folder: 'Letters', filename: 'A.jpg' }, { folder: 'Letters', filename: 'a.jpg' }, a, a];
  await Promise.all(events.map((from) => told(id, from)));
  expect(files()).toEqual(['Letters/a.jpg']);
});
