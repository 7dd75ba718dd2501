import { randomUUID } from 'node:crypto';
import type { BatchRecord } from '@image-organizer/adapters/catalog/records';
import { newBatch, outboxEntry } from '../builders.ts';
import { accept, advance, at, failFirstStage, outboxIds, times, type Current } from './harness.ts';

export function describeBatches(current: Current): void {
  describe('batches', () => {
    /** A batch with so many images, sealed. */
    async function sealedBatch(images = 1) {
      const { catalog } = current();
      const batch = await catalog.openBatch(newBatch());
      const accepted = await Promise.all(
        times(images, () => accept(catalog, { ownerId: batch.ownerId, batchId: batch.id })),
      );
      await catalog.sealBatch(batch.id);
      return { batch, images: accepted };
    }
    const read = ({ ownerId, id }: BatchRecord) => current().catalog.getBatch(ownerId, id);

    it('When a batch is opened, then it is receiving, empty and as it was described.', async () => {
      const { catalog } = current();
      const {
        idempotencyKey: _key,
        expiresAt: _expiresAt,
        ...facts
      } = newBatch({ notify: false, requestId: null });
      const batch = await catalog.openBatch(newBatch(facts));
      expect(batch).toEqual({
        ...facts,
        status: 'receiving',
        completedAt: null,
        total: 0,
        organized: 0,
        failed: 0,
      });
      expect(await read(batch)).toEqual(batch);
    });

    it('When one idempotency key opens a batch 20 times at once, then all get the same batch.', async () => {
      const { catalog } = current();
      const ownerId = randomUUID();
      const batches = await Promise.all(
        times(20, () => catalog.openBatch(newBatch({ ownerId, idempotencyKey: 'key-1' }))),
      );
      expect(new Set(batches.map(({ id }) => id)).size).toBe(1);
      const somebodyElses = await catalog.openBatch(newBatch({ idempotencyKey: 'key-1' }));
      expect(somebodyElses.id).not.toBe(batches[0]!.id);
    });

    it('When a batch without an image is sealed, then it is gone.', async () => {
      const { batch } = await sealedBatch(0);
      expect(await read(batch)).toBeUndefined();
    });

    it('When a batch with images is sealed, then it is open; sealing it again changes nothing.', async () => {
      const { catalog } = current();
      const { batch } = await sealedBatch(2);
      await catalog.sealBatch(batch.id);
      await catalog.sealBatch(randomUUID());
      expect(await read(batch)).toMatchObject({ status: 'open', total: 2, organized: 0, failed: 0 });
    });

    it('When an image is still queued or processing, then the batch cannot be settled.', async () => {
      const { catalog } = current();
      const { batch, images } = await sealedBatch();
      expect(await catalog.settleBatch(batch.id, at(1), outboxEntry())).toBe(false);
      await advance(catalog, images[0]!, 'extract');
      expect(await catalog.settleBatch(batch.id, at(1), outboxEntry())).toBe(false);
      expect(await read(batch)).toMatchObject({ status: 'open', completedAt: null });
      expect(await outboxIds(catalog)).toEqual([]);
    });

    it('When the upload has not ended, then the batch cannot be settled.', async () => {
      const { catalog } = current();
      const batch = await catalog.openBatch(newBatch());
      await advance(
        catalog,
        await accept(catalog, { ownerId: batch.ownerId, batchId: batch.id }),
        'organize',
      );
      expect(await catalog.settleBatch(batch.id, at(1), outboxEntry())).toBe(false);
      expect(await read(batch)).toMatchObject({ status: 'receiving' });
    });

    it('When 20 settle a finished batch at once, then one completes it, with one event.', async () => {
      const { catalog } = current();
      const { batch, images } = await sealedBatch(2);
      await advance(catalog, images[0]!, 'organize');
      await failFirstStage(catalog, images[1]!);
      const events = times(20, () => outboxEntry({ event: 'batch.completed' }));
      const outcomes = await Promise.all(events.map((event) => catalog.settleBatch(batch.id, at(7), event)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await outboxIds(catalog)).toEqual([events[outcomes.indexOf(true)]!.id]);
      expect(await read(batch)).toMatchObject({
        status: 'completed',
        completedAt: at(7),
        total: 2,
        organized: 1,
        failed: 1,
      });
      expect(await catalog.settleBatch(batch.id, at(8), outboxEntry())).toBe(false);
    });

    it('When an unsettled image is deleted, then it neither counts nor holds its batch up.', async () => {
      const { catalog, markDeleted } = current();
      const { batch, images } = await sealedBatch(2);
      await advance(catalog, images[0]!, 'organize');
      await markDeleted(images[1]!.id);
      expect(await catalog.settleBatch(batch.id, at(1), outboxEntry())).toBe(true);
      expect(await read(batch)).toMatchObject({ total: 1, organized: 1 });
    });

    it('When a batch is unknown, then settling it does nothing.', async () => {
      const { catalog } = current();
      expect(await catalog.settleBatch(randomUUID(), at(1), outboxEntry())).toBe(false);
      expect(await outboxIds(catalog)).toEqual([]);
    });

    it('When the sweeper looks for unfinished batches, then it finds dead uploads and settled images only.', async () => {
      const { catalog } = current();
      const dead = await catalog.openBatch(newBatch({ expiresAt: at(10) }));
      await catalog.openBatch(newBatch({ expiresAt: at(30) }));
      await sealedBatch(1);
      const settled = await sealedBatch(1);
      await failFirstStage(catalog, settled.images[0]!);
      const completed = await sealedBatch(1);
      await advance(catalog, completed.images[0]!, 'organize');
      await catalog.settleBatch(completed.batch.id, at(1), outboxEntry());

      const found = await catalog.unfinishedBatches(at(10), 10);
      expect(found.map(({ id }) => id).sort()).toEqual([dead.id, settled.batch.id].sort());
      expect(found.find(({ id }) => id === settled.batch.id)).toEqual(await read(settled.batch));
      expect(await catalog.unfinishedBatches(at(10), 1)).toHaveLength(1);
      expect((await catalog.unfinishedBatches(at(9), 10)).map(({ id }) => id)).toEqual([settled.batch.id]);
    });

    it("When somebody asks for another owner's batch, then there is none.", async () => {
      const { batch } = await sealedBatch();
      expect(await current().catalog.getBatch(randomUUID(), batch.id)).toBeUndefined();
    });
  });
}
