import type { FolderRecord } from '@image-organizer/adapters/catalog/records';
import { organizeResult, outboxEntry } from '../builders.ts';
import { at, organized, outboxIds, ownerIds, start, type Current } from './harness.ts';

export function describeFolderChanges(current: Current): void {
  const [ownerId, stranger] = ownerIds();
  const ensure = (path: string, more: Partial<FolderRecord> & { revive?: boolean } = {}) =>
    current().catalog.ensureFolder({
      ...{ ownerId, path, description: '', commonWords: [], createdBy: 'auto', now: start },
      ...more,
    });
  const move = (from: string, to: string) => current().catalog.moveFolder({ ownerId, from, to, now: at(1) });
  const list = () => current().catalog.listFolders(ownerId);
  const paths = async () => (await list()).map(({ path }) => path);
  const placed = (folder: string, filename = 'a.jpg') =>
    organized(
      current().catalog,
      { ownerId, filename },
      { organize: organizeResult({ folder, filename, confidence: 0.7 }) },
    );

  describe('changing folders', () => {
    it('When a folder moves to a new path, then all that is known of it is there, and the old path leads to it.', async () => {
      await ensure('Receipts', { description: 'Tills', commonWords: ['total'] });
      await move('Receipts', 'Belege/Kasse');
      const moved = {
        ...{ ownerId, path: 'Belege/Kasse', description: 'Tills', commonWords: ['total'] },
        ...{ createdBy: 'user', count: 0, formerPaths: ['Receipts'] },
      };
      expect(await list()).toEqual([moved]);
      await move('Receipts', 'Belege/Kasse');
      expect(await list()).toEqual([moved]);
      expect(await current().catalog.refreshFolder(ownerId, 'Receipts')).toBe(false);
      expect(await ensure('Receipts', { description: 'other' })).toMatchObject({ path: 'Belege/Kasse' });
      expect(await ensure('Receipts/2024')).toMatchObject({ path: 'Belege/Kasse/2024' });
      expect(await paths()).toEqual(['Belege/Kasse', 'Belege/Kasse/2024']);
      expect(await current().catalog.listFolders(stranger)).toEqual([]);
    });

    it('When a person wants a folder at a path that was given up, then there is a new one, and others stay.', async () => {
      await ensure('A', { description: 'first' });
      await move('A', 'B');
      expect(await ensure('A', { createdBy: 'user', revive: true })).toMatchObject({
        path: 'A',
        description: '',
        createdBy: 'user',
      });
      expect(await list()).toMatchObject([{ path: 'A' }, { path: 'B', description: 'first' }]);
      expect((await list()).every(({ formerPaths }) => formerPaths === undefined)).toBe(true);
      expect(await ensure('A/x')).toMatchObject({ path: 'A/x' });
    });

    it('When a folder moves into another, then that keeps its description and has the words of both.', async () => {
      await ensure('A', { description: 'of A', commonWords: ['one', 'two'] });
      await ensure('B', { description: 'of B', commonWords: ['two', 'three'] });
      await move('A', 'B');
      expect(await list()).toMatchObject([
        { path: 'B', description: 'of B', commonWords: ['two', 'three', 'one'], createdBy: 'auto' },
      ]);
    });

    it('When folders move again, and back, then every former path leads to where they are.', async () => {
      await ensure('A', { description: 'it' });
      await move('A', 'B');
      await move('B', 'C');
      expect((await list()).map(({ path, formerPaths }) => [path, formerPaths?.toSorted()])).toEqual([
        ['C', ['A', 'B']],
      ]);
      await move('C', 'A');
      expect(
        (await list()).map(({ path, description, formerPaths }) => [
          path,
          description,
          formerPaths?.toSorted(),
        ]),
      ).toEqual([['A', 'it', ['B', 'C']]]);
    });

    it('When a folder is described, then it says so; one that is unknown, moved or another owner’s is none.', async () => {
      const { catalog } = current();
      await ensure('A');
      await ensure('Old');
      await move('Old', 'New');
      expect(await catalog.describeFolder({ ownerId, path: 'A', description: 'Mine' })).toBe(true);
      expect((await list())[0]).toMatchObject({ path: 'A', description: 'Mine' });
      for (const other of [
        { ownerId, path: 'X' },
        { ownerId, path: 'Old' },
        { ownerId: stranger, path: 'A' },
      ])
        expect(await catalog.describeFolder({ ...other, description: 'x' })).toBe(false);
    });

    it('When images are in a folder or below it, then it is not removed; empty, it goes with those below it.', async () => {
      const { catalog } = current();
      for (const path of ['A', 'A/x', 'A-1']) await ensure(path);
      await ensure('Old');
      await move('Old', 'A');
      const [above, within] = [await placed('A'), await placed('A/x')];
      await placed('A-1');
      expect(await catalog.removeFolder(ownerId, 'A')).toBe(2);
      await current().markDeleted(above.id);
      expect(await catalog.removeFolder(ownerId, 'A')).toBe(1);
      await current().markDeleted(within.id);
      expect(await catalog.removeFolder(stranger, 'A')).toBe(0);
      expect(await paths()).toEqual(['A', 'A-1', 'A/x']);
      expect(await catalog.removeFolder(ownerId, 'A')).toBe(0);
      expect(await paths()).toEqual(['A-1']);
      expect(await ensure('Old')).toMatchObject({ path: 'Old' });
    });
  });

  describe('relocating images', () => {
    const by = 'ada@example.org';
    const relocate = (imageId: string, folder: string, placedName = 'a.jpg', event = outboxEntry()) =>
      current().catalog.correctImage({
        ...{ ownerId, imageId, by, now: at(100), event: () => event },
        correction: { kind: 'relocate', folder, placedName },
      });

    it('When the folder of an image moves, then its place alone changes: who put it there, how sure, and what undo does stay.', async () => {
      const { catalog } = current();
      const image = await placed('A');
      await catalog.correctImage({
        ...{ ownerId, imageId: image.id, by, now: at(50), event: () => null },
        correction: { kind: 'correct', filename: 'b.jpg', placedName: 'b.jpg' },
      });
      const event = outboxEntry();
      expect(await relocate(image.id, 'B', 'b (2).jpg', event)).toMatchObject({ kind: 'corrected' });
      const after = (await catalog.getImage(ownerId, image.id))!;
      expect(after).toMatchObject({
        placement: { ...image.placement, folder: 'B', filename: 'b (2).jpg' },
        pastPlacements: [{ filename: 'a.jpg', placement: { ...image.placement, folder: 'B' } }],
      });
      expect(after.history.at(-1)).toMatchObject({ stage: 'correction', event: 'relocated', by });
      expect(await outboxIds(catalog)).toEqual([event.id]);
      expect(await relocate(image.id, 'B')).toMatchObject({ kind: 'unchanged' });
    });

    it('When a person put the image there, then its word follows; where the name is taken, nothing changes.', async () => {
      const { catalog } = current();
      const image = await placed('A');
      await catalog.correctImage({
        ...{ ownerId, imageId: image.id, by, now: at(50), event: () => null },
        correction: { kind: 'correct', folder: 'Mine', placedName: 'a.jpg' },
      });
      await placed('B', 'taken.jpg');
      expect(await relocate(image.id, 'B', 'TAKEN.jpg')).toEqual({ kind: 'name-taken' });
      await relocate(image.id, 'B');
      expect(await catalog.getImage(ownerId, image.id)).toMatchObject({
        requestedFolder: 'B',
        placement: { folder: 'B', by: 'user' },
        pastPlacements: [{ requestedFolder: null, placement: { folder: 'A' } }],
      });
    });

    it('When an image lies in the trash, then its place follows too, and it stays there.', async () => {
      const { catalog } = current();
      const image = await placed('A');
      await current().markDeleted(image.id);
      expect(await relocate(image.id, 'B')).toMatchObject({ kind: 'corrected' });
      const [trashed] = await catalog.findImages([image.id]);
      expect(trashed).toMatchObject({ deletedAt: expect.any(Date), placement: { folder: 'B' } });
    });
  });
}
