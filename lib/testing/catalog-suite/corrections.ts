import type { Correction } from '@image-organizer/adapters/catalog/corrections';
import type { ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import { classifyResult, organizeResult, outboxEntry } from '../builders.ts';
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
  times,
  tryClaim,
  type Current,
} from './harness.ts';

const by = 'ada@example.org';

export function describeCorrections(current: Current): void {
  const [ownerId, stranger] = ownerIds();
  const say = (
    image: Pick<ImageRecord, 'id'>,
    correction: Correction,
    options: { owner?: string; now?: Date; event?: OutboxEntry | null } = {},
  ) =>
    current().catalog.correctImage({
      ownerId: options.owner ?? ownerId,
      imageId: image.id,
      correction,
      by,
      now: options.now ?? at(100),
      event: () => options.event ?? null,
    });
  const move = (folder: string, placedName: string): Correction => ({ kind: 'correct', folder, placedName });
  const rename = (filename: string): Correction => ({ kind: 'correct', filename, placedName: filename });
  const get = async ({ id }: Pick<ImageRecord, 'id'>) => (await current().catalog.getImage(ownerId, id))!;
  const placed = (filename: string, folder = 'Receipts') =>
    organized(
      current().catalog,
      { ownerId, filename },
      { organize: organizeResult({ folder, filename, needsReview: true }) },
    );
  const list = async (query: object) =>
    (await current().catalog.listImages({ ownerId, sort: 'filename', limit: 100, ...query })).items.map(
      ({ id }) => id,
    );

  describe('corrections', () => {
    it('When a person moves an image, then place, history and event are there at once, and it counts in the new folder.', async () => {
      const { catalog } = current();
      const image = await placed('a.jpg');
      const event = outboxEntry({ event: 'image.organized' });
      const outcome = await say(image, move('Shopping/Acme', 'a (2).jpg'), { event });
      const after = await get(image);
      expect(outcome).toEqual({ kind: 'corrected', image: after, event });
      expect(after).toMatchObject({
        requestedFolder: 'Shopping/Acme',
        placement: { folder: 'Shopping/Acme', filename: 'a (2).jpg', by: 'user', needsReview: false },
        pastPlacements: [{ placement: image.placement, filename: 'a.jpg', requestedFolder: null }],
      });
      expect(after.history.at(-1)).toEqual({
        at: at(100),
        stage: 'correction',
        event: 'corrected',
        attempt: null,
        durationMs: null,
        error: null,
        by,
        fields: ['folder'],
      });
      expect(await outboxIds(catalog)).toEqual([event.id]);
      expect(await list({ folder: 'Shopping' })).toEqual([image.id]);
      expect(await list({ folder: 'Receipts' })).toEqual([]);
    });

    it("When another owner's image or an unknown one is meant, then it is missing and nothing changes.", async () => {
      const image = await placed('a.jpg');
      for (const correction of [
        move('X', 'a.jpg'),
        { kind: 'undo', placedName: 'a' },
        { kind: 'trash' },
      ] as const)
        expect(await say(image, correction, { owner: stranger })).toEqual({ kind: 'missing' });
      expect(await say({ id: stranger }, { kind: 'trash' })).toEqual({ kind: 'missing' });
      expect(await say(image, { kind: 'restore', placedName: 'a.jpg' })).toEqual({ kind: 'missing' });
      expect(await get(image)).toEqual(image);
    });

    it('When nothing differs, then nothing is written.', async () => {
      const { catalog } = current();
      const image = await placed('a.jpg');
      await say(image, move('Shopping', 'a.jpg'));
      const moved = await get(image);
      expect(await say(image, move('Shopping', 'a.jpg'), { event: outboxEntry() })).toMatchObject({
        kind: 'unchanged',
      });
      expect(await get(image)).toEqual(moved);
      expect(await outboxIds(catalog)).toEqual([]);
    });

    it('When the name is taken in the folder, then nothing changes; 10 at once get one place each.', async () => {
      const [first, ...others] = await Promise.all(times(10, (n) => placed(`${n}.jpg`)));
      await say(first!, move('Shopping', 'same.jpg'));
      expect(await say(others[0]!, move('Shopping', 'SAME.jpg'))).toEqual({ kind: 'name-taken' });
      expect(await get(others[0]!)).toEqual(others[0]);
      const outcomes = await Promise.all(others.map((image) => say(image, move('Letters', 'x.jpg'))));
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['corrected', ...times(8, () => 'name-taken')]);
    });

    it('When a person renames an image, then it is sorted, found and placed by the new name.', async () => {
      const image = await placed('a.jpg');
      const other = await placed('m.jpg');
      await say(image, rename('Zebra.jpg'));
      expect(await list({})).toEqual([other.id, image.id]);
      expect(await list({ q: 'zebra' })).toEqual([image.id]);
      expect(await get(image)).toMatchObject({
        filename: 'Zebra.jpg',
        placement: { folder: 'Receipts', filename: 'Zebra.jpg', by: 'auto' },
      });
    });

    it('When caption and tags are said before the machine says them, then its word changes nothing of them.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId });
      await advance(catalog, image, 'extract');
      const held = await claim(catalog, image, 'classify');
      await say(image, { kind: 'correct', caption: 'Mine', placedName: '' });
      const result = classifyResult({ caption: 'Its', tags: ['machine'] });
      expect(await catalog.completeStage(held, completion('classify', { result }))).toBe('committed');
      expect(await get(image)).toMatchObject({ caption: 'Mine', tags: ['machine'], userFields: ['caption'] });
      await say(image, { kind: 'correct', tags: ['own', 'tags'], placedName: '' });
      expect(await list({ tag: 'own' })).toEqual([image.id]);
      expect(await list({ tag: 'machine' })).toEqual([]);
      expect(await list({ q: 'mine' })).toEqual([image.id]);
      expect((await get(image)).userFields).toEqual(['caption', 'tags']);
    });

    it('When a folder is said while the organizer works, then its result is fenced and the next one knows the folder.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId });
      await advance(catalog, image, 'classify');
      const late = await claim(catalog, image, 'organize');
      expect(await say(image, move('Mine', ''))).toMatchObject({
        kind: 'corrected',
        image: { placement: null, requestedFolder: 'Mine' },
      });
      expect(await catalog.completeStage(late, completion('organize'))).toBe('fenced');
      expect(await tryClaim(catalog, image, 'organize')).toMatchObject({
        kind: 'claimed',
        attempt: 1,
        image: { requestedFolder: 'Mine' },
      });
    });

    it('When an image that failed is put into a folder, then it is there.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId, filename: 'broken.jpg' });
      await failFirstStage(catalog, image);
      await say(image, move('Mine', 'broken.jpg'));
      expect(await get(image)).toMatchObject({
        status: 'failed',
        placement: { folder: 'Mine', filename: 'broken.jpg', by: 'user' },
      });
    });

    it('When a machine places an image anew, then that can be undone too.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId });
      await failFirstStage(catalog, image);
      await say(image, move('Mine', 'a.jpg'));
      const retry = { ownerId, imageId: image.id, stage: 'extract' as const, now: at(101) };
      expect(await catalog.retryStage({ ...retry, event: outboxEntry() })).toBe(true);
      await advance(catalog, image, 'organize');
      await say(image, { kind: 'undo', placedName: 'a.jpg' });
      expect(await get(image)).toMatchObject({
        placement: { folder: 'Mine', filename: 'a.jpg', by: 'user' },
        pastPlacements: [],
      });
    });

    it('When placements are undone, then each is back with its words, until there is none before.', async () => {
      const image = await placed('a.jpg');
      await say(image, { kind: 'correct', folder: 'One', filename: 'b.jpg', placedName: 'b.jpg' });
      await say(image, move('Two', 'b.jpg'));
      await say(image, { kind: 'undo', placedName: 'b (2).jpg' });
      expect(await get(image)).toMatchObject({
        filename: 'b.jpg',
        requestedFolder: 'One',
        placement: { folder: 'One', filename: 'b (2).jpg', by: 'user' },
      });
      await say(image, { kind: 'undo', placedName: 'a.jpg' });
      const { placement, filename, requestedFolder, pastPlacements, history } = await get(image);
      expect({ placement, filename, requestedFolder, pastPlacements }).toEqual({
        placement: image.placement,
        filename: 'a.jpg',
        requestedFolder: null,
        pastPlacements: [],
      });
      expect(history.at(-1)).toMatchObject({ event: 'undone', by });
      expect(await say(image, { kind: 'undo', placedName: 'a.jpg' })).toMatchObject({ kind: 'unchanged' });
    });

    it('When an image is moved often, then the last 10 placements are kept.', async () => {
      const image = await placed('a.jpg');
      for (const n of times(12, (n) => n)) await say(image, move(`Folder ${n}`, 'a.jpg'));
      const { pastPlacements } = await get(image);
      expect(pastPlacements.map(({ placement }) => placement.folder)).toEqual(
        times(10, (n) => `Folder ${n + 1}`),
      );
    });
  });

  describe('trash', () => {
    const trash = (image: ImageRecord, now = at(100)) => say(image, { kind: 'trash' }, { now });
    const trashed = (query: object = {}) =>
      current().catalog.listImages({ ownerId, trashed: true, sort: '-deletedAt', limit: 100, ...query });

    it('When an image is deleted, then it is in the trash alone; restored, it is back where it was, or beside who took its name.', async () => {
      const { catalog } = current();
      const image = await placed('a.jpg');
      expect(await trash(image)).toMatchObject({ kind: 'corrected' });
      expect(await catalog.getImage(ownerId, image.id)).toBeUndefined();
      expect((await trashed()).items).toMatchObject([{ id: image.id, deletedAt: at(100) }]);
      expect((await trashed({ ownerId: stranger })).items).toEqual([]);
      expect(await trash(image)).toEqual({ kind: 'missing' });
      await placed('a.jpg');
      const restore = (placedName: string) => say(image, { kind: 'restore', placedName });
      expect(await restore('a.jpg')).toEqual({ kind: 'name-taken' });
      await restore('a (2).jpg');
      expect(await get(image)).toMatchObject({
        deletedAt: null,
        placement: { folder: 'Receipts', filename: 'a (2).jpg' },
      });
      expect((await trashed()).items).toEqual([]);
    });

    it('When the trash is paged, then who came last is first and each is seen once.', async () => {
      const images: ImageRecord[] = [];
      for (const n of times(5, (n) => n)) images.push(await placed(`${n}.jpg`));
      for (const [n, image] of images.entries()) await trash(image, at(100 + Math.floor(n / 2)));
      const seen: ImageRecord[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await trashed({ limit: 2, ...(cursor && { cursor }) });
        seen.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(seen.map(({ deletedAt }) => deletedAt)).toEqual([102, 101, 101, 100, 100].map(at));
      expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
    });

    it('When images lay in the trash for long, then they can be forgotten, and neither younger nor living ones.', async () => {
      const { catalog } = current();
      const [old, young, living] = [
        await placed('old.jpg'),
        await placed('young.jpg'),
        await placed('l.jpg'),
      ];
      await trash(young, at(300));
      await trash(old, at(200));
      expect((await catalog.expiredTrash(at(200), 10)).map(({ id }) => id)).toEqual([old.id]);
      expect((await catalog.expiredTrash(at(400), 1)).map(({ id }) => id)).toEqual([old.id]);
      for (const { id } of [young, living]) expect(await catalog.purgeImage(id, at(200))).toBe(false);
      expect(await catalog.purgeImage(old.id, at(200))).toBe(true);
      expect(await catalog.purgeImage(old.id, at(200))).toBe(false);
      expect((await catalog.findImages([old.id, young.id, living.id])).map(({ id }) => id).sort()).toEqual(
        [young.id, living.id].sort(),
      );
      const next = await placed('next.jpg');
      expect(await list({ q: 'old' })).toEqual([]);
      expect(await list({ q: 'next' })).toEqual([next.id]);
    });
  });
}
