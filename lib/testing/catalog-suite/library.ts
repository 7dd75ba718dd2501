import { randomUUID } from 'node:crypto';
import type { ImageSort } from '@image-organizer/contracts/http/image';
import { InvalidCursorError, type ImageListQuery } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { classifyResult, extractResult, organizeResult } from '../builders.ts';
import {
  accept,
  advance,
  at,
  claim,
  failFirstStage,
  organized,
  ownerIds,
  start,
  times,
  type Current,
} from './harness.ts';

export function describeLibrary(current: Current): void {
  const [ownerId, stranger] = ownerIds();
  const page = (query: Partial<ImageListQuery> = {}) =>
    current().catalog.listImages({ ownerId, sort: 'uploadedAt', limit: 100, ...query });
  const ids = async (query: Partial<ImageListQuery> = {}) => (await page(query)).items.map(({ id }) => id);
  const idsOf = (...images: ImageRecord[]) => images.map(({ id }) => id);

  describe('reading images', () => {
    it("When somebody asks for another owner's image, then there is none, nor in any list.", async () => {
      const { catalog } = current();
      const image = await organized(catalog, { ownerId });
      expect(await catalog.getImage(ownerId, image.id)).toEqual(image);
      expect(await catalog.getImage(stranger, image.id)).toBeUndefined();
      const filters: Partial<ImageListQuery>[] = [
        {},
        { q: 'receipt' },
        { folder: 'Receipts' },
        { tag: 'receipt' },
        { status: 'organized' },
        { batchId: image.batchId },
        { format: 'jpeg' },
      ];
      for (const filter of filters) {
        expect(await ids(filter)).toEqual([image.id]);
        expect(await ids({ ...filter, ownerId: stranger })).toEqual([]);
      }
    });

    it('When an image is deleted, then nobody sees it, and only the janitor finds it.', async () => {
      const { catalog, markDeleted } = current();
      const image = await organized(catalog, { ownerId });
      await markDeleted(image.id);
      expect(await catalog.getImage(ownerId, image.id)).toBeUndefined();
      expect(await ids()).toEqual([]);
      expect(await ids({ q: 'receipt' })).toEqual([]);
      expect(await ids({ tag: 'receipt' })).toEqual([]);
      expect((await catalog.stats(ownerId)).images.total).toBe(0);
      const found = await catalog.findImages([image.id, randomUUID()]);
      expect(found).toEqual([{ ...image, deletedAt: expect.any(Date) }]);
      expect(await catalog.findImages([])).toEqual([]);
    });

    it('When a list is filtered by folder, then all below it is in it, and no neighbour.', async () => {
      const { catalog } = current();
      const inFolder = (folder: string) =>
        organized(catalog, { ownerId }, { organize: organizeResult({ folder, filename: randomUUID() }) });
      const images = [await inFolder('A'), await inFolder('A/B'), await inFolder('A/B/C')];
      for (const folder of ['A-1', 'A B', 'A0', 'AB', 'B/A', 'a']) await inFolder(folder);
      await accept(catalog, { ownerId });
      expect((await ids({ folder: 'A' })).sort()).toEqual(idsOf(...images).sort());
      expect((await ids({ folder: 'A/B' })).sort()).toEqual(idsOf(images[1]!, images[2]!).sort());
      expect(await ids({ folder: 'A/%' })).toEqual([]);
    });

    it('When a folder is listed by date, then its images and those of the folders below it are one list, page by page.', async () => {
      const { catalog } = current();
      const images: ImageRecord[] = [];
      for (const [nth, folder] of ['A', 'A/B', 'A/C', 'A/B', 'A', 'A-1', 'A/C'].entries()) {
        const organize = organizeResult({ folder, filename: `${nth}.jpg` });
        const image = await organized(catalog, { ownerId, uploadedAt: at(nth * 100_000) }, { organize });
        if (folder !== 'A-1') images.push(image);
      }
      for (const [sort, expected] of [
        ['uploadedAt', images],
        ['-uploadedAt', images.toReversed()],
      ] as const) {
        const first = await page({ folder: 'A', sort, limit: 4 });
        const second = await page({ folder: 'A', sort, limit: 4, cursor: first.nextCursor! });
        expect(idsOf(...first.items, ...second.items)).toEqual(idsOf(...expected));
        expect(second.nextCursor).toBeNull();
      }
      expect(await ids({ folder: 'A', from: at(150_000), status: 'organized' })).toEqual(
        idsOf(...images.slice(2)),
      );
    });

    it('When a list is filtered by tag, then the images with exactly that tag are in it.', async () => {
      const { catalog } = current();
      const tagged = (...tags: string[]) =>
        organized(catalog, { ownerId }, { classify: classifyResult({ tags }) });
      const beach = await tagged('beach', 'sea');
      await tagged('beaches');
      await tagged();
      expect(await ids({ tag: 'beach' })).toEqual([beach.id]);
      expect(await ids({ tag: 'sea' })).toEqual([beach.id]);
    });

    it('When a list is filtered by status, then each image is in its own.', async () => {
      const { catalog } = current();
      const [queued, processing, failed] = [
        await accept(catalog, { ownerId }),
        await accept(catalog, { ownerId }),
        await accept(catalog, { ownerId }),
      ];
      await claim(catalog, processing, 'extract');
      await failFirstStage(catalog, failed);
      const done = await organized(catalog, { ownerId });
      expect(await ids({ status: 'queued' })).toEqual([queued.id]);
      expect(await ids({ status: 'processing' })).toEqual([processing.id]);
      expect(await ids({ status: 'failed' })).toEqual([failed.id]);
      expect(await ids({ status: 'organized' })).toEqual([done.id]);
    });

    it('When a list is filtered by batch, format and time, then only what fits all is in it.', async () => {
      const { catalog } = current();
      const batchId = randomUUID();
      const png = { extract: extractResult({ metadata: { ...extractResult().metadata, format: 'png' } }) };
      const [first, second, third] = [
        await organized(catalog, { ownerId, batchId, uploadedAt: at(1) }),
        await organized(catalog, { ownerId, batchId, uploadedAt: at(2) }, png),
        await organized(catalog, { ownerId, uploadedAt: at(3) }, png),
      ];
      expect(await ids({ batchId })).toEqual(idsOf(first, second));
      expect(await ids({ format: 'png' })).toEqual(idsOf(second, third));
      expect(await ids({ from: at(2) })).toEqual(idsOf(second, third));
      expect(await ids({ to: at(2) })).toEqual(idsOf(first, second));
      expect(await ids({ from: at(2), to: at(2) })).toEqual(idsOf(second));
      expect(
        await ids({
          batchId,
          format: 'png',
          from: at(1),
          q: 'receipt',
          tag: 'receipt',
          folder: 'Receipts',
          status: 'organized',
        }),
      ).toEqual([second.id]);
    });
  });

  describe('sorting and paging', () => {
    const sorts: [ImageSort, (number | string)[]][] = [
      ['uploadedAt', ['b.jpg', 'C.jpg', 'Ärger.jpg', 'a.jpg']],
      ['-uploadedAt', ['a.jpg', 'Ärger.jpg', 'C.jpg', 'b.jpg']],
      ['filename', ['a.jpg', 'b.jpg', 'C.jpg', 'Ärger.jpg']],
      ['-filename', ['Ärger.jpg', 'C.jpg', 'b.jpg', 'a.jpg']],
      ['size', ['Ärger.jpg', 'b.jpg', 'a.jpg', 'C.jpg']],
      ['-size', ['C.jpg', 'a.jpg', 'b.jpg', 'Ärger.jpg']],
    ];
    it.each(sorts)(
      'When a list is sorted by %s, then it is in that order over all pages; names regardless of case.',
      async (sort, names) => {
        const { catalog } = current();
        await accept(catalog, { ownerId, filename: 'b.jpg', size: 20, uploadedAt: at(1) });
        await accept(catalog, { ownerId, filename: 'C.jpg', size: 1_000, uploadedAt: at(2) });
        await accept(catalog, { ownerId, filename: 'Ärger.jpg', size: 3, uploadedAt: at(3) });
        await accept(catalog, { ownerId, filename: 'a.jpg', size: 100, uploadedAt: at(4) });
        const first = await page({ sort, limit: 3 });
        const second = await page({ sort, limit: 3, cursor: first.nextCursor! });
        expect([...first.items, ...second.items].map(({ filename }) => filename)).toEqual(names);
        expect(second.nextCursor).toBeNull();
      },
    );

    it.each(['uploadedAt', '-uploadedAt', 'filename', '-filename', 'size', '-size'] as const)(
      'When images are equal in %s and others arrive between the pages, then none is skipped or seen twice.',
      async (sort) => {
        const { catalog } = current();
        const before = await Promise.all(times(9, () => accept(catalog, { ownerId })));
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const { items, nextCursor } = await page({ sort, limit: 2, ...(cursor ? { cursor } : {}) });
          seen.push(...idsOf(...items));
          cursor = nextCursor ?? undefined;
          if (seen.length < 8) await accept(catalog, { ownerId });
        } while (cursor);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining(idsOf(...before)));
      },
    );

    it('When the last page is full, then there is no next one.', async () => {
      const { catalog } = current();
      await accept(catalog, { ownerId });
      await accept(catalog, { ownerId });
      expect((await page({ limit: 2 })).nextCursor).toBeNull();
      expect((await page({ ownerId: stranger })).nextCursor).toBeNull();
    });

    it('When a cursor is no cursor or of another order, then it is refused.', async () => {
      const { catalog } = current();
      await accept(catalog, { ownerId });
      await accept(catalog, { ownerId });
      const { nextCursor } = await page({ limit: 1, sort: 'uploadedAt' });
      await expect(page({ cursor: nextCursor!, sort: 'size' })).rejects.toThrow(InvalidCursorError);
      await expect(page({ cursor: nextCursor!, sort: '-uploadedAt' })).rejects.toThrow(InvalidCursorError);
      for (const cursor of [
        '',
        'x',
        '{}',
        Buffer.from('null').toString('base64url'),
        Buffer.from('["uploadedAt",1,2]').toString('base64url'),
      ]) {
        await expect(page({ cursor })).rejects.toThrow(InvalidCursorError);
      }
    });
  });

  describe('statistics', () => {
    it('When there is nothing, then all is zero and what cannot be said is null.', async () => {
      const stage = { count: 0, failed: 0, meanMs: null, p95Ms: null };
      expect(await current().catalog.stats(ownerId)).toEqual({
        images: { total: 0, queued: 0, processing: 0, organized: 0, failed: 0 },
        successRate: null,
        averageProcessingMs: null,
        stages: { extract: stage, classify: stage, organize: stage },
        bytes: 0,
        llm: { calls: 0, promptTokens: 0, completionTokens: 0, costUsd: 0, callsAvoided: 0 },
      });
    });

    it('When images are at all stages, then they are counted by status and stage, with mean and 95th percentile.', async () => {
      const { catalog } = current();
      const own = () => accept(catalog, { ownerId, size: 1_000, uploadedAt: start });
      await own();
      await claim(catalog, await own(), 'extract');
      await failFirstStage(catalog, await own());
      await accept(catalog, { ownerId: stranger });
      const usage = { calls: 2, promptTokens: 1_600, completionTokens: 120, costUsd: 0.25 };
      const llm = { classify: classifyResult({ model: 'gpt-4o', usage }) };
      await advance(catalog, await own(), 'classify', { results: llm, durationMs: 20 });
      for (let nth = 1; nth <= 20; nth++) {
        await advance(catalog, await own(), 'organize', {
          now: at(nth),
          durationMs: nth === 20 ? 1_000 : 20,
        });
      }
      expect(await catalog.stats(ownerId)).toEqual({
        images: { total: 24, queued: 1, processing: 2, organized: 20, failed: 1 },
        successRate: 20 / 21,
        averageProcessingMs: expect.closeTo(10_500, 3),
        stages: {
          extract: { count: 21, failed: 1, meanMs: expect.closeTo(1_400 / 21, 6), p95Ms: 20 },
          classify: { count: 21, failed: 0, meanMs: expect.closeTo(1_400 / 21, 6), p95Ms: 20 },
          organize: { count: 20, failed: 0, meanMs: 69, p95Ms: 20 },
        },
        bytes: 24_000,
        llm: { ...usage, callsAvoided: 20 },
      });
    });

    it('When images come, go to the trash and are forgotten, then what they take up is told until they are forgotten.', async () => {
      const { catalog } = current();
      expect(await catalog.usageOf(ownerId)).toEqual({ images: 0, bytes: 0 });
      await accept(catalog, { ownerId, size: 1_000 });
      const second = await organized(catalog, { ownerId, size: 200 });
      await accept(catalog, { ownerId: stranger, size: 7 });
      expect(await catalog.usageOf(ownerId)).toEqual({ images: 2, bytes: 1_200 });
      await catalog.correctImage({
        ...{ ownerId, imageId: second.id, correction: { kind: 'trash' } },
        ...{ by: 'ada@example.org', now: at(1), event: () => null },
      });
      expect(await catalog.usageOf(ownerId)).toEqual({ images: 2, bytes: 1_200 });
      await catalog.purgeImage(second.id, at(1));
      expect(await catalog.usageOf(ownerId)).toEqual({ images: 1, bytes: 1_000 });
    });

    it('When decisions say what they cost, then that is summed, whoever decided; those without cost were avoided.', async () => {
      const { catalog } = current();
      const usage = { calls: 1, promptTokens: 800, completionTokens: 60, costUsd: 0.25 };
      const decided = async (owner: string, decision: Parameters<typeof classifyResult>[0]) =>
        organized(catalog, { ownerId: owner }, { classify: classifyResult(decision) });
      await decided(ownerId, { model: 'gpt-4o', usage });
      await decided(ownerId, { model: 'local', usage: { ...usage, calls: 2 } }); // asked in vain
      await decided(ownerId, { model: 'gpt-4o' }); // as its twin
      await decided(stranger, { model: 'gpt-4o', usage });
      await current().markDeleted((await decided(ownerId, { model: 'gpt-4o', usage })).id);
      expect((await catalog.stats(ownerId)).llm).toEqual({
        calls: 3,
        promptTokens: 1_600,
        completionTokens: 120,
        costUsd: 0.5,
        callsAvoided: 1,
      });
    });
  });
}
