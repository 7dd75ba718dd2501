import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newImage, outboxEntry } from '@image-organizer/testing/builders';
import type { Catalog, ImageListQuery } from '../catalog.ts';
import { cursorAfter } from '../cursor.ts';
import { createSqliteCatalog } from '../sqlite.ts';

const ownerId = 'ada';

/** How SQLite reads for one call: the plan's steps of all its statements. */
describe('how a SQLite catalogue reads', () => {
  let folder: string;
  let path: string;
  let catalog: Catalog;
  let deep: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plans-'));
    path = join(folder, 'catalog.sqlite');
    catalog = createSqliteCatalog({ path });
    const { image } = await catalog.acceptImage(newImage({ ownerId }), outboxEntry());
    deep = cursorAfter(image, '-uploadedAt');
  });
  afterAll(async () => {
    await catalog.close();
    rmSync(folder, { recursive: true });
  });

  async function planOf(call: (catalog: Catalog) => Promise<unknown>): Promise<string[]> {
    const prepare = jest.spyOn(DatabaseSync.prototype, 'prepare');
    const fresh = createSqliteCatalog({ path });
    prepare.mockClear(); // those of the migration
    await call(fresh);
    const statements = prepare.mock.calls.map(([sql]) => sql);
    prepare.mockRestore();
    await fresh.close();
    using connection = new DatabaseSync(path);
    const steps = (sql: string) =>
      connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as unknown as { detail: string }[];
    return statements.flatMap((sql) => steps(sql).map(({ detail }) => detail));
  }

  const list = (query: Partial<ImageListQuery>) =>
    planOf((catalog) => catalog.listImages({ ownerId, sort: '-uploadedAt', limit: 20, ...query }));

  it.each<[string, Partial<ImageListQuery>, RegExp]>([
    ['the newest', {}, /INDEX images_by_upload \(owner_id=\?\)/],
    [
      'a page further down',
      { cursor: 'deep' },
      /INDEX images_by_upload \(owner_id=\? AND \(uploaded_at,id\)</,
    ],
    ['the oldest', { sort: 'uploadedAt' }, /INDEX images_by_upload/],
    ['by name', { sort: 'filename' }, /INDEX images_by_name/],
    ['by size', { sort: '-size' }, /INDEX images_by_size/],
    ['those of a status', { status: 'failed' }, /INDEX images_by_status \(owner_id=\? AND status=\?\)/],
    ['those with a tag', { tag: 'x' }, /image_tags USING PRIMARY KEY \(owner_id=\? AND tag=\?\)/],
    ['the trash', { trashed: true, sort: '-deletedAt' }, /INDEX images_in_trash/],
  ])('When a page is listed (%s), then it comes sorted from an index.', async (_what, query, index) => {
    const plan = await list({ ...query, ...(query.cursor && { cursor: deep }) });
    expect(plan).toEqual(expect.arrayContaining([expect.stringMatching(index)]));
    expect(plan.filter(walksOrSorts)).toEqual([]);
  });

  it('When a folder is listed, then a page of each folder below it comes sorted from an index, and these are sorted.', async () => {
    const plan = await list({ folder: 'A' });
    expect(plan).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/folder_tallies USING PRIMARY KEY \(owner_id=\? AND folder>\? AND folder<\?\)/),
        expect.stringMatching(/INDEX images_by_folder \(owner_id=\? AND folder=\?\)/),
      ]),
    );
    expect(plan.filter(walksOrSorts)).toEqual(['USE TEMP B-TREE FOR ORDER BY']);
  });

  it('When few images have the words, then those alone are read and sorted.', async () => {
    const plan = await list({ q: 'receipt' });
    expect(plan).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^SCAN image_search VIRTUAL TABLE INDEX 0:M/),
        expect.stringMatching(/^SEARCH images USING INTEGER PRIMARY KEY/),
      ]),
    );
    expect(plan.filter(walksOrSorts)).toEqual(['USE TEMP B-TREE FOR ORDER BY']);
  });

  it('When numbers are asked for, then they come from what was counted, and times by an index.', async () => {
    const plan = await planOf(async (catalog) => {
      await catalog.stats(ownerId);
      await catalog.usageOf(ownerId);
      await catalog.listFolders(ownerId);
    });
    const images = plan.filter((step) => /\bimages\b/.test(step));
    expect(images).toEqual([expect.stringMatching(/INDEX images_by_upload \(owner_id=\?\)/)]);
    expect(plan.filter(walksOrSorts)).toEqual([]);
  });
});

/** A step that reads a table from end to end or sorts what was read. */
const walksOrSorts = (step: string): boolean =>
  /^SCAN (images|image_tags|image_tallies|folder_tallies|folders)\b/.test(step) ||
  step.includes('TEMP B-TREE');
