import type { ImageRecord, PlacementRecord } from '@image-organizer/adapters/catalog/records';
import { InvalidCursorError } from '@image-organizer/adapters/catalog/catalog';
import { organizeResult } from '../builders.ts';
import { accept, at, failFirstStage, organized, ownerIds, times, type Current } from './harness.ts';

export function describeReview(current: Current): void {
  describe('the review list', () => {
    const [ownerId, stranger] = ownerIds();
    const placed = (seconds: number, placement: Partial<PlacementRecord>, owner = ownerId) =>
      organized(
        current().catalog,
        { ownerId: owner, uploadedAt: at(seconds) },
        { organize: organizeResult({ filename: `${seconds}.jpg`, ...placement }) },
      );
    const unsure = (seconds: number, owner?: string) => placed(seconds, { needsReview: true }, owner);
    async function failing(seconds: number): Promise<ImageRecord> {
      const image = await accept(current().catalog, { ownerId, uploadedAt: at(seconds) });
      await failFirstStage(current().catalog, image);
      return image;
    }
    const put = ({ id }: ImageRecord, folder: string) =>
      current().catalog.correctImage({
        ...{ ownerId, imageId: id, by: 'ada', now: at(100), event: () => null },
        correction: { kind: 'correct', folder, placedName: `${id}.jpg` },
      });
    const waiting = async () =>
      (await current().catalog.listReview({ ownerId, limit: 100 })).items.map(({ id }) => id);

    it('When images wait for a person, then they are listed, oldest first: those to look at and those that failed.', async () => {
      const second = await unsure(2);
      await placed(3, { needsReview: false });
      const first = await failing(1);
      await unsure(4, stranger);
      const deleted = await unsure(5);
      await current().markDeleted(deleted.id);
      expect(await waiting()).toEqual([first.id, second.id]);
      expect(await current().catalog.countReview(ownerId, 1_000)).toBe(2);
      expect(await current().catalog.countReview(ownerId, 1)).toBe(1);
    });

    it('When a person has put an image somewhere, then it waits no more, though it failed.', async () => {
      const images = [await unsure(1), await failing(2)];
      for (const image of images) await put(image, 'Mine');
      expect(await waiting()).toEqual([]);
      expect(await current().catalog.countReview(ownerId, 1_000)).toBe(0);
    });

    it('When the list is paged, then each image is seen once, in order; a wrong cursor is refused.', async () => {
      const images: ImageRecord[] = [];
      for (const n of times(5, (n) => n)) images.push(await (n % 2 ? failing(n) : unsure(n)));
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await current().catalog.listReview({ ownerId, limit: 2, ...(cursor && { cursor }) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(images.map(({ id }) => id));
      await expect(current().catalog.listReview({ ownerId, limit: 2, cursor: 'x' })).rejects.toThrow(
        InvalidCursorError,
      );
    });
  });

  describe('recent corrections', () => {
    const [ownerId, stranger] = ownerIds();
    const correct = ({ id }: ImageRecord, seconds: number, correction: object) =>
      current().catalog.correctImage({
        ...{ ownerId, imageId: id, by: 'ada', now: at(seconds), event: () => null },
        correction: { kind: 'correct', placedName: `${id}.jpg`, ...correction },
      });

    it('When folders were corrected, then they are told newest first, as they are now, and nothing else is.', async () => {
      const { catalog } = current();
      const images: ImageRecord[] = [];
      for (const n of times(5, (n) => n))
        images.push(await organized(catalog, { ownerId, filename: `${n}.jpg` }));
      const [first, second, undone, trashed, described] = images as [
        ImageRecord,
        ImageRecord,
        ImageRecord,
        ImageRecord,
        ImageRecord,
      ];
      await correct(second, 101, { folder: 'B' });
      await correct(first, 102, { folder: 'A', caption: 'Mine' });
      for (const image of [undone, trashed]) await correct(image, 103, { folder: 'C' });
      const word = { ownerId, by: 'ada', now: at(104), event: () => null };
      await catalog.correctImage({
        ...word,
        imageId: undone.id,
        correction: { kind: 'undo', placedName: 'u.jpg' },
      });
      await catalog.correctImage({ ...word, imageId: trashed.id, correction: { kind: 'trash' } });
      await correct(described, 105, { caption: 'Only a caption' });
      expect(await catalog.recentCorrections(ownerId, 10)).toEqual([
        { filename: '0.jpg', caption: 'Mine', folder: 'A' },
        { filename: '1.jpg', caption: second.caption, folder: 'B' },
      ]);
      expect(await catalog.recentCorrections(ownerId, 1)).toHaveLength(1);
      expect(await catalog.recentCorrections(stranger, 10)).toEqual([]);
    });
  });
}
