import { randomUUID } from 'node:crypto';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportCatalog, ImportUrl, RowClaim } from '@image-organizer/adapters/catalog/imports';
import { newBatch, newImage, outboxEntry } from '../builders.ts';
import { at, outboxIds, start, times, type Current } from './harness.ts';

const forbidden = { code: 'ADDRESS_FORBIDDEN', detail: 'This address is not fetched.' };
const noUrl = { column: 'Input Image Urls', value: '', code: 'NO_URL', detail: 'There is no URL.' };

type NewRow = Parameters<ImportCatalog['addImportRows']>[0][number];

const urlOf = (overrides: Partial<ImportUrl> = {}): ImportUrl => ({
  url: 'https://example.org/a.jpg',
  status: 'pending',
  imageId: null,
  error: null,
  ...overrides,
});

const newRow = (importId: string, row: number, overrides: Partial<NewRow> = {}): NewRow => ({
  importId,
  row,
  serialNumber: `S-${row}`,
  productName: 'Kettle, “steel”',
  urls: [urlOf({ url: `https://example.org/${row}.jpg` })],
  status: 'pending',
  errors: [],
  dueAt: start,
  ...overrides,
});

async function receiving(catalog: Catalog, overrides: Partial<Parameters<Catalog['openImport']>[0]> = {}) {
  const request = {
    ...{ id: randomUUID(), ownerId: randomUUID(), ownerEmail: 'ada@example.org', filename: 'products.csv' },
    ...{
      folder: 'Products',
      quota: { images: 100, bytes: null },
      requestId: 'request-1',
      createdAt: start,
      expiresAt: at(3_600),
    },
    ...overrides,
  };
  await catalog.openBatch(
    newBatch({ id: request.id, ownerId: request.ownerId, kind: 'import', expiresAt: request.expiresAt }),
  );
  await catalog.openImport(request);
  return { ...request, importId: request.id };
}

/** A started import with rows 2, 3, …; its event is published. */
async function running(catalog: Catalog, rows: number, overrides: Parameters<typeof receiving>[1] = {}) {
  const opened = await receiving(catalog, overrides);
  await catalog.addImportRows(times(rows, (index) => newRow(opened.id, index + 2)));
  const event = outboxEntry({ event: 'import.requested' });
  await catalog.startImport(opened.id, event);
  await catalog.markPublished(event);
  return opened;
}

const claimRow = (catalog: Catalog, importId: string, now = start, owner = 'importer-1') =>
  catalog.claimImportRow({ importId, owner, now, leaseMs: 30_000 });

async function held(catalog: Catalog, importId: string, now = start): Promise<RowClaim> {
  const row = await claimRow(catalog, importId, now);
  if (!row) throw new Error('no row is due');
  return { importId, row: row.row, epoch: row.epoch };
}

const fetched = (imageId: string = randomUUID()) => ({
  urls: [urlOf({ status: 'fetched', imageId })],
  status: 'done' as const,
  dueAt: start,
});

const ids = (items: { id: string }[]) => items.map(({ id }) => id);

export function describeImports(current: Current): void {
  describe('an import', () => {
    it('When it is opened, then it is receiving, and opening it again changes nothing.', async () => {
      const { catalog } = current();
      const opened = await receiving(catalog);
      const expected = {
        ...{ id: opened.id, ownerId: opened.ownerId, ownerEmail: 'ada@example.org', folder: 'Products' },
        ...{ quota: { images: 100, bytes: null } },
        ...{ filename: 'products.csv', requestId: 'request-1', createdAt: start },
        ...{ status: 'receiving', completedAt: null, rows: { total: 0, done: 0, failed: 0 } },
      };
      expect(await catalog.getImport(opened.ownerId, opened.id)).toEqual(expected);
      expect(await catalog.openImport({ ...opened, filename: 'other.csv' })).toEqual(expected);
      expect(await catalog.getImport(randomUUID(), opened.id)).toBeUndefined();
    });

    it('When it is started, then it is running and its event is due, once.', async () => {
      const { catalog } = current();
      const { id, ownerId } = await receiving(catalog);
      const event = outboxEntry({ event: 'import.requested', createdAt: at(5) });
      expect(await catalog.startImport(id, event)).toBe(true);
      expect(await catalog.startImport(id, outboxEntry())).toBe(false);
      expect(await catalog.dueOutbox(10)).toEqual([event]);
      expect(await catalog.oldestOutboxEntryAt()).toEqual(at(5));
      expect(await catalog.getImport(ownerId, id)).toMatchObject({ status: 'running' });
      await catalog.markPublished(event);
      expect(await catalog.dueOutbox(10)).toEqual([]);
    });

    it('When rows are added, then they are read in the order of the file, as they were, page by page.', async () => {
      const { catalog } = current();
      const { id, ownerId } = await receiving(catalog);
      const rows = [2, 3, 900, 70_000].map((row) => newRow(id, row));
      await catalog.addImportRows([rows[3]!, rows[1]!]);
      await catalog.addImportRows([rows[2]!, rows[0]!]);
      const page = (after: number, limit: number) =>
        catalog.listImportRows({ ownerId, importId: id, after, limit });
      expect(await page(0, 10)).toEqual(rows.map((row) => ({ ...row, attempts: 0 })));
      expect((await page(0, 2)).map(({ row }) => row)).toEqual([2, 3]);
      expect((await page(3, 2)).map(({ row }) => row)).toEqual([900, 70_000]);
      expect(await page(70_000, 2)).toEqual([]);
      expect(
        await catalog.listImportRows({ ownerId: randomUUID(), importId: id, after: 0, limit: 9 }),
      ).toEqual([]);
      expect((await catalog.getImport(ownerId, id))!.rows).toEqual({ total: 4, done: 0, failed: 0 });
    });

    it('When 500 rows are sent again, then each is there once, as it came last; those of a started import stay.', async () => {
      const { catalog } = current();
      const { id, ownerId } = await receiving(catalog);
      await catalog.addImportRows(times(500, (index) => newRow(id, index + 2)));
      await catalog.addImportRows(times(500, (index) => newRow(id, index + 402, { productName: 'Pan' })));
      await catalog.startImport(id, outboxEntry());
      await catalog.addImportRows([newRow(id, 2, { productName: 'late' })]);
      const rows = await catalog.listImportRows({ ownerId, importId: id, after: 0, limit: 2_000 });
      expect(rows.map(({ row }) => row)).toEqual(times(900, (index) => index + 2));
      expect(rows.filter(({ productName }) => productName === 'Pan')).toHaveLength(500);
      expect(rows[0]!.productName).toBe('Kettle, “steel”');
    });

    it('When rows have errors, then they alone are listed as failed, also once a fetch has failed.', async () => {
      const { catalog } = current();
      const { id, ownerId } = await receiving(catalog);
      const bad = newRow(id, 3, { urls: [], errors: [noUrl], status: 'failed' });
      const half = newRow(id, 4, { urls: [urlOf(), urlOf({ status: 'failed', error: forbidden })] });
      await catalog.addImportRows([newRow(id, 2), bad, half, newRow(id, 2_000)]);
      await catalog.startImport(id, outboxEntry());
      const failed = async () =>
        (await catalog.listImportRows({ ownerId, importId: id, after: 0, limit: 9, failed: true })).map(
          ({ row }) => row,
        );
      expect(await failed()).toEqual([3, 4]);
      const claim = await held(catalog, id);
      await catalog.settleImportRow(claim, {
        ...fetched(),
        status: 'failed',
        urls: [urlOf({ status: 'failed', error: forbidden })],
      });
      expect(await failed()).toEqual([2, 3, 4]);
      const settled = { urls: [urlOf(), half.urls[1]!], status: 'done' as const, dueAt: start };
      await catalog.settleImportRow(await held(catalog, id), settled);
      expect(await failed()).toEqual([2, 3, 4]);
      expect((await catalog.getImport(ownerId, id))!.rows).toEqual({ total: 4, done: 1, failed: 2 });
    });

    it('When a receiving import is dropped, then nothing of it is left; a started one stays.', async () => {
      const { catalog } = current();
      const dead = await receiving(catalog);
      await catalog.addImportRows([newRow(dead.id, 2)]);
      const alive = await running(catalog, 1);
      for (const { id } of [dead, alive]) await catalog.dropImport(id);
      await catalog.dropImport(randomUUID());
      expect(await catalog.getImport(dead.ownerId, dead.id)).toBeUndefined();
      expect(await catalog.getBatch(dead.ownerId, dead.id)).toBeUndefined();
      expect((await catalog.getImport(alive.ownerId, alive.id))!.rows.total).toBe(1);
      expect(await catalog.getBatch(alive.ownerId, alive.id)).toMatchObject({ kind: 'import' });
      const again = await catalog.openImport({ ...dead });
      expect(again.rows.total).toBe(0);
    });

    it('When imports are past their expiry, then those still receiving are found.', async () => {
      const { catalog } = current();
      const dead = await receiving(catalog, { expiresAt: at(10) });
      await receiving(catalog, { expiresAt: at(20) });
      await running(catalog, 1, { expiresAt: at(5) });
      expect(ids(await catalog.expiredImports(at(10), 10))).toEqual([dead.id]);
    });

    it('When imports are listed, then the owner’s come, the newest first, none twice.', async () => {
      const { catalog } = current();
      const ownerId = randomUUID();
      const made = [];
      for (const second of [1, 1, 2, 3])
        made.push(await receiving(catalog, { ownerId, createdAt: at(second) }));
      await receiving(catalog);
      const expected = made
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
        .map(({ id }) => id);
      const first = await catalog.listImports({ ownerId, limit: 3 });
      const second = await catalog.listImports({ ownerId, limit: 3, cursor: first.nextCursor! });
      expect([...ids(first.items), ...ids(second.items)]).toEqual(expected);
      expect(second.nextCursor).toBeNull();
      await expect(catalog.listImports({ ownerId, limit: 3, cursor: 'nonsense' })).rejects.toThrow(/cursor/);
    });

    it('When an import has ended and its batch was not sealed, then the sweeper finds the batch.', async () => {
      const { catalog } = current();
      const [completed, cancelled] = [await running(catalog, 0), await running(catalog, 1)];
      await running(catalog, 1);
      const { ownerId, id } = cancelled;
      await catalog.changeImport({ ownerId, importId: id, to: 'cancelled', event: null });
      expect(ids(await catalog.unfinishedBatches(at(60), 10))).toEqual([]);
      for (const ended of [completed, cancelled])
        expect(await catalog.finishImport(ended.id, at(1))).toBe(true);
      const found = ids(await catalog.unfinishedBatches(at(60), 10));
      expect(found.sort()).toEqual([completed.id, cancelled.id].sort());
      expect(await catalog.unfinishedBatches(at(60), 1)).toHaveLength(1);
    });

    it('When its batch is sealed without an image, then it is kept, and while it is receiving it is nobody’s to finish.', async () => {
      const { catalog } = current();
      const { id, ownerId, importId } = await receiving(catalog, { expiresAt: at(1) });
      expect(ids(await catalog.unfinishedBatches(at(60), 10))).toEqual([]);
      await catalog.acceptImage(newImage({ batchId: importId, ownerId }), outboxEntry());
      expect(ids(await catalog.unfinishedBatches(at(60), 10))).toEqual([]);
      const empty = await receiving(catalog);
      for (const batch of [id, empty.id]) await catalog.sealBatch(batch);
      expect(await catalog.getBatch(ownerId, id)).toMatchObject({ kind: 'import', status: 'open', total: 1 });
      expect(await catalog.getBatch(empty.ownerId, empty.id)).toMatchObject({ status: 'open', total: 0 });
      expect(ids(await catalog.unfinishedBatches(at(60), 10))).toEqual([empty.id]);
    });
  });

  it('When an import is over and its batch is not sealed, then the batch is found unfinished.', async () => {
    const { catalog } = current();
    const over = await running(catalog, 1);
    await running(catalog, 1);
    await catalog.settleImportRow(await held(catalog, over.id), fetched());
    await catalog.finishImport(over.id, at(1));
    expect(ids(await catalog.unfinishedBatches(at(9_000), 10))).toEqual([over.id]);
  });

  describe('fetching an import', () => {
    it('When rows are claimed one by one, then they come in the order of the file, and then there is none.', async () => {
      const { catalog } = current();
      const { id } = await running(catalog, 12);
      const claimed = [];
      for (const _ of times(12, String)) claimed.push(await claimRow(catalog, id));
      expect(claimed.map((row) => row!.row)).toEqual(times(12, (index) => index + 2));
      expect(claimed[0]).toEqual({
        ...newRow(id, 2),
        ...{ status: 'running', attempts: 1, epoch: 1, dueAt: at(30) },
      });
      expect(await claimRow(catalog, id)).toBeUndefined();
    });

    it('When 20 claim at once, then each row has one holder.', async () => {
      const { catalog } = current();
      const { id } = await running(catalog, 15);
      const claimed = await Promise.all(
        times(20, (index) => claimRow(catalog, id, start, `importer-${index}`)),
      );
      const rows = claimed.flatMap((row) => row?.row ?? []).sort((a, b) => a - b);
      expect(rows).toEqual(times(15, (index) => index + 2));
    });

    it('When a row is settled, then what is known of its URLs is recorded and it is counted.', async () => {
      const { catalog } = current();
      const { id, ownerId } = await running(catalog, 2);
      const imageId = randomUUID();
      expect(await catalog.settleImportRow(await held(catalog, id), fetched(imageId))).toBe(true);
      const [row] = await catalog.listImportRows({ ownerId, importId: id, after: 0, limit: 1 });
      expect(row).toMatchObject({
        status: 'done',
        attempts: 1,
        urls: [{ status: 'fetched', imageId, error: null }],
      });
      expect((await catalog.getImport(ownerId, id))!.rows).toEqual({ total: 2, done: 1, failed: 0 });
    });

    it('When a row is given back, then it is due later, and others come first.', async () => {
      const { catalog } = current();
      const { id } = await running(catalog, 2);
      const claim = await held(catalog, id);
      await catalog.settleImportRow(claim, { urls: [urlOf()], status: 'pending', dueAt: at(60) });
      expect(await claimRow(catalog, id, at(1))).toMatchObject({ row: 3 });
      expect(await claimRow(catalog, id, at(2))).toBeUndefined();
      expect(await claimRow(catalog, id, at(61))).toMatchObject({ row: 3, attempts: 2 });
      expect(await claimRow(catalog, id, at(61))).toMatchObject({ row: 2, attempts: 2, epoch: 2 });
    });

    it('When a lease has expired, then another one takes over, and the first is fenced.', async () => {
      const { catalog } = current();
      const { id, ownerId } = await running(catalog, 1);
      const slow = await held(catalog, id);
      expect(await catalog.renewImportRow(slow, at(50))).toBe(true);
      expect(await claimRow(catalog, id, at(49))).toBeUndefined();
      const next = await held(catalog, id, at(50));
      expect(next).toEqual({ ...slow, epoch: 2 });
      expect(await catalog.renewImportRow(slow, at(500))).toBe(false);
      expect(await catalog.settleImportRow(slow, fetched())).toBe(false);
      expect(await catalog.settleImportRow(next, fetched())).toBe(true);
      expect(await catalog.settleImportRow(next, fetched())).toBe(false);
      const [row] = await catalog.listImportRows({ ownerId, importId: id, after: 0, limit: 1 });
      expect(row).toMatchObject({ status: 'done', attempts: 2 });
    });

    it('When an import is paused, then no row is given out until it goes on; its owner alone may do that.', async () => {
      const { catalog } = current();
      const { id: importId, ownerId } = await running(catalog, 2);
      const change = (to: 'running' | 'paused' | 'cancelled', owner = ownerId) =>
        catalog.changeImport({ ownerId: owner, importId, to, event: null });
      const claim = await held(catalog, importId);
      expect(await change('paused', randomUUID())).toBe(false);
      expect(await change('running')).toBe(false);
      expect(await change('paused')).toBe(true);
      expect(await change('paused')).toBe(false);
      expect(await claimRow(catalog, importId)).toBeUndefined();
      expect(await catalog.runningImports(10)).toEqual([]);
      expect(await catalog.settleImportRow(claim, fetched())).toBe(true);
      expect(await catalog.finishImport(importId, at(9))).toBe(false);
      const event = outboxEntry({ event: 'import.requested' });
      expect(await catalog.changeImport({ ownerId, importId, to: 'running', event })).toBe(true);
      expect(await outboxIds(catalog)).toEqual([event.id]);
      expect(await claimRow(catalog, importId)).toMatchObject({ row: 3 });
    });

    it('When an import is cancelled, then no row is given out, and it ends once nobody holds one.', async () => {
      const { catalog } = current();
      const { id: importId, ownerId } = await running(catalog, 3);
      const claim = await held(catalog, importId);
      await held(catalog, importId);
      await catalog.changeImport({ ownerId, importId, to: 'cancelled', event: null });
      expect(await catalog.changeImport({ ownerId, importId, to: 'running', event: null })).toBe(false);
      expect(await claimRow(catalog, importId)).toBeUndefined();
      expect(ids(await catalog.cancelledImports(10))).toEqual([importId]);
      await catalog.settleImportRow(claim, fetched());
      expect(await catalog.finishImport(importId, at(29))).toBe(false);
      expect(await catalog.finishImport(importId, at(30))).toBe(true); // the lease of whoever died has expired
      expect(await catalog.finishImport(importId, at(31))).toBe(false);
      expect(await catalog.cancelledImports(10)).toEqual([]);
      expect(await catalog.getImport(ownerId, importId)).toMatchObject({
        status: 'cancelled',
        completedAt: at(30),
        rows: { total: 3, done: 1, failed: 0 },
      });
    });

    it('When every row is settled, then the import is completed, once, and not before.', async () => {
      const { catalog } = current();
      const { id, ownerId } = await running(catalog, 1);
      expect(await catalog.finishImport(id, at(1))).toBe(false);
      const claim = await held(catalog, id);
      expect(await catalog.finishImport(id, at(60))).toBe(false);
      await catalog.settleImportRow(claim, fetched());
      const finished = await Promise.all(times(5, () => catalog.finishImport(id, at(61))));
      expect(finished.filter(Boolean)).toHaveLength(1);
      expect(await catalog.getImport(ownerId, id)).toMatchObject({
        status: 'completed',
        completedAt: at(61),
      });
      expect(await catalog.changeImport({ ownerId, importId: id, to: 'cancelled', event: null })).toBe(false);
      expect(await catalog.runningImports(10)).toEqual([]);
    });

    it('When several imports are running, then the one whose turn was longest ago comes first.', async () => {
      const { catalog } = current();
      const [first, second, third] = [
        await running(catalog, 3, { createdAt: at(1) }),
        await running(catalog, 3, { createdAt: at(2) }),
        await running(catalog, 3, { createdAt: at(3) }),
      ];
      const order = async () => ids(await catalog.runningImports(10));
      expect(await order()).toEqual([first.id, second.id, third.id]);
      await claimRow(catalog, first.id, at(10));
      await claimRow(catalog, third.id, at(12));
      expect(await order()).toEqual([second.id, first.id, third.id]);
      expect(ids(await catalog.runningImports(1))).toEqual([second.id]);
    });

    it('When all leases are released, then rows that were being fetched are due again.', async () => {
      const { catalog } = current();
      const { id } = await running(catalog, 1);
      await held(catalog, id, new Date());
      expect(await catalog.releaseAllLeases()).toBe(1);
      expect(await claimRow(catalog, id, new Date(Date.now() + 1_000))).toMatchObject({ row: 2, epoch: 2 });
    });
  });
}
