import type { ReprocessQuery, ReprocessStage, Stamps } from '@image-organizer/adapters/catalog/reprocess';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { classifyResult, extractResult, organizeResult, outboxEntry } from '../builders.ts';
import {
  accept,
  advance,
  at,
  claim,
  completion,
  failFirstStage,
  organized,
  outboxIds,
  ownerIds,
  tryClaim,
  type Current,
} from './harness.ts';

export function describeReprocess(current: Current): void {
  const [ownerId, stranger] = ownerIds();
  const again = (
    { id }: Pick<ImageRecord, 'id'>,
    stage: ReprocessStage,
    more: { ownerId?: string; event?: ReturnType<typeof outboxEntry> } = {},
  ) =>
    current().catalog.reprocessStage({
      ...{ ownerId, imageId: id, stage, lane: 'bulk', by: 'ada', now: at(100), event: outboxEntry() },
      ...more,
    });
  const get = async ({ id }: Pick<ImageRecord, 'id'>) => (await current().catalog.getImage(ownerId, id))!;

  describe('doing stages again', () => {
    it('When a stage that is done is to be done again, then it and those after it wait; all that is known stays.', async () => {
      const { catalog } = current();
      const image = await organized(catalog, { ownerId });
      const event = outboxEntry({ lane: 'bulk' });
      expect(await again(image, 'classify', { event })).toBe(true);
      const after = await get(image);
      expect(after).toMatchObject({
        ...{ status: 'processing', lane: 'bulk', placement: image.placement, text: image.text },
        stages: {
          extract: image.stages.extract,
          classify: { status: 'pending', epoch: 1, attempts: 0 },
          organize: { status: 'pending', epoch: 1, attempts: 0 },
        },
      });
      expect(after.history.at(-1)).toMatchObject({ stage: 'classify', event: 'reprocessed', by: 'ada' });
      expect(await outboxIds(catalog)).toEqual([event.id]);
      expect(await tryClaim(catalog, image, 'organize')).toMatchObject({ kind: 'settled' });
      expect(await tryClaim(catalog, image, 'classify')).toMatchObject({
        kind: 'claimed',
        epoch: 2,
        attempt: 1,
      });
    });

    it('When it is done again, then the image has what is new; undo leads to where it was, if that was elsewhere.', async () => {
      const { catalog } = current();
      const organize = organizeResult({ filename: 'a.jpg' });
      const image = await organized(catalog, { ownerId }, { organize });
      const redo = async (folder: string) => {
        await again(image, 'classify');
        const decided = completion('classify', { result: classifyResult({ toDir: folder }) });
        await catalog.completeStage(await claim(catalog, image, 'classify'), decided);
        const result = organizeResult({ folder, filename: 'a.jpg' });
        const held = await claim(catalog, image, 'organize');
        expect(await catalog.completeStage(held, completion('organize', { result }))).toBe('committed');
        return get(image);
      };
      expect(await redo('Receipts')).toMatchObject({ status: 'organized', pastPlacements: [] });
      expect(await redo('Letters')).toMatchObject({
        placement: { folder: 'Letters' },
        pastPlacements: [{ placement: { folder: 'Receipts' } }],
      });
    });

    it('When a later stage is at work, then its worker is fenced.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId });
      await advance(catalog, image, 'classify');
      const late = await claim(catalog, image, 'organize');
      expect(await again(image, 'extract')).toBe(true);
      expect(await catalog.completeStage(late, completion('organize'))).toBe('fenced');
    });

    it('When the stage is not done, or the image is deleted or another’s, then nothing changes.', async () => {
      const { catalog } = current();
      const failed = await accept(catalog, { ownerId });
      await failFirstStage(catalog, failed);
      const begun = await accept(catalog, { ownerId });
      await advance(catalog, begun, 'extract');
      const deleted = await organized(catalog, { ownerId });
      await current().markDeleted(deleted.id);
      const others = await organized(catalog, { ownerId: stranger });
      expect(await again(failed, 'extract')).toBe(false);
      expect(await again(begun, 'classify')).toBe(false);
      for (const image of [deleted, others, { id: ownerId }])
        expect(await again(image, 'classify')).toBe(false);
      expect(await outboxIds(catalog)).toEqual([]);
    });
  });

  describe('what can be done again', () => {
    const made = (readUnder: string | undefined, stamp: string | undefined, folder = 'A', batchId?: string) =>
      organized(
        current().catalog,
        { ownerId, ...(batchId && { batchId }) },
        {
          extract: extractResult(readUnder === undefined ? {} : { readUnder }),
          classify: classifyResult(stamp === undefined ? {} : { stamp }),
          organize: organizeResult({ folder, filename: `${Math.random()}.jpg` }),
        },
      );
    const stamps: Stamps = {
      extract: { text: 'eng', asksModel: false },
      classify: { text: 'model-2', asksModel: true },
    };
    const list = async (query: Partial<ReprocessQuery> = {}) => {
      const found = await current().catalog.listReprocessable({ ownerId, limit: 100, ...query });
      expect(await current().catalog.countReprocessable({ ownerId, ...query })).toBe(found.length);
      return found.map(({ id }) => id);
    };
    const idsOf = (...images: ImageRecord[]) => images.map(({ id }) => id).sort();

    it('When services say under what they work, then the last word of each is known.', async () => {
      const { catalog } = current();
      expect(await catalog.stamps()).toEqual({});
      await catalog.recordStamp('classify', { text: 'model-1', asksModel: false });
      await catalog.recordStamp('extract', stamps.extract!);
      await catalog.recordStamp('classify', stamps.classify!);
      expect(await catalog.stamps()).toEqual(stamps);
    });

    it('When results say under what they were made, then those that say something else, or nothing, are stale.', async () => {
      const fresh = await made('eng', 'model-2');
      const stale = [
        await made('deu', 'model-2'),
        await made('eng', 'model-1'),
        await made(undefined, undefined),
      ];
      await accept(current().catalog, { ownerId });
      expect(await list({ staleBy: stamps })).toEqual(idsOf(...stale));
      expect(await list({ staleBy: { classify: stamps.classify! } })).toEqual(idsOf(...stale.slice(1)));
      expect(await list({ staleBy: {} })).toEqual([]);
      expect(await list()).toEqual(idsOf(fresh, ...stale));
      await again(stale[1]!, 'classify');
      expect(await list({ staleBy: stamps })).toEqual(idsOf(stale[0]!, stale[2]!));
      expect(await list({ ownerId: stranger })).toEqual([]);
    });

    it('When a folder or a batch is asked for, then those of it are listed, page by page.', async () => {
      const [above, below, beside] = [
        await made('eng', 'x', 'A'),
        await made('eng', 'x', 'A/b', stranger),
        await made('eng', 'x', 'A-1'),
      ];
      expect(await list({ folder: 'A' })).toEqual(idsOf(above, below));
      expect(await list({ batchId: stranger })).toEqual([below.id]);
      const all = idsOf(above, below, beside);
      const page = await current().catalog.listReprocessable({ ownerId, limit: 2, after: all[0]! });
      expect(page.map(({ id }) => id)).toEqual(all.slice(1));
    });
  });
}
