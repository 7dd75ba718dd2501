import { newBatch, outboxEntry } from '../builders.ts';
import { accept, advance, at, blurred, outboxIds, start, times, type Current } from './harness.ts';

export function describeDeliveries(current: Current): void {
  const tryDelivery = (key: string, now = start, leaseMs = 30_000) =>
    current().catalog.claimDelivery({ key, owner: 'worker-1', now, leaseMs });

  async function claimDelivery(key: string, now = start) {
    const claim = await tryDelivery(key, now);
    if (claim.kind !== 'claimed') throw new Error(`${key} cannot be claimed: ${claim.kind}`);
    return { key, epoch: claim.epoch };
  }

  describe('deliveries', () => {
    it('When 20 claim one key at once, then one wins and the others see its lease.', async () => {
      const claims = await Promise.all(times(20, () => tryDelivery('email:1')));
      expect(claims.filter(({ kind }) => kind === 'claimed')).toEqual([
        { kind: 'claimed', epoch: 1, attempt: 1 },
      ]);
      expect(claims.filter(({ kind }) => kind === 'leased')).toEqual(
        times(19, () => ({ kind: 'leased', until: at(30) })),
      );
      expect(await tryDelivery('email:2')).toMatchObject({ kind: 'claimed' });
    });

    it('When it is sent, then it is never claimed again.', async () => {
      const { catalog } = current();
      const claim = await claimDelivery('email:1');
      expect(await catalog.completeDelivery(claim, at(1))).toBe(true);
      expect(await catalog.completeDelivery(claim, at(2))).toBe(false);
      expect(await tryDelivery('email:1', at(1_000))).toEqual({ kind: 'sent' });
    });

    it('When it has failed for good, then it is never claimed again.', async () => {
      const { catalog } = current();
      expect(await catalog.failDelivery(await claimDelivery('email:1'), blurred)).toBe(true);
      expect(await tryDelivery('email:1', at(1_000))).toEqual({ kind: 'failed' });
    });

    it('When it has failed for good and is to be retried, then it begins anew, fenced from before; what has not failed stays.', async () => {
      const { catalog } = current();
      expect(await catalog.retryDelivery('email:1')).toBe(false);
      const failed = await claimDelivery('email:1');
      expect(await catalog.retryDelivery('email:1')).toBe(false);
      await catalog.failDelivery(failed, blurred);
      const retries = await Promise.all(times(5, () => catalog.retryDelivery('email:1')));
      expect(retries.filter(Boolean)).toEqual([true]);
      expect(await tryDelivery('email:1', at(1))).toEqual({ kind: 'claimed', epoch: 2, attempt: 1 });
      expect(await catalog.completeDelivery(failed, at(2))).toBe(false);
    });

    it('When its lease has expired, then the next claim takes over and the first is fenced from everything.', async () => {
      const { catalog } = current();
      const slow = await claimDelivery('email:1');
      expect(await tryDelivery('email:1', at(31))).toEqual({ kind: 'claimed', epoch: 2, attempt: 2 });
      expect(await catalog.completeDelivery(slow, at(32))).toBe(false);
      expect(await catalog.releaseDelivery(slow, blurred)).toBe(false);
      expect(await catalog.releaseDelivery(slow, null)).toBe(false);
      expect(await catalog.failDelivery(slow, blurred)).toBe(false);
      expect(await tryDelivery('email:1', at(33))).toEqual({ kind: 'leased', until: at(61) });
    });

    it('When an attempt fails, then it counts; when it is postponed, then it does not.', async () => {
      const { catalog } = current();
      expect(await catalog.releaseDelivery(await claimDelivery('email:1'), blurred)).toBe(true);
      expect(await catalog.releaseDelivery(await claimDelivery('email:1'), null)).toBe(true);
      expect(await tryDelivery('email:1')).toEqual({ kind: 'claimed', epoch: 3, attempt: 2 });
    });
  });

  describe('batches without their email', () => {
    async function completedBatch({ notify = true, completedAt = at(10) } = {}) {
      const { catalog } = current();
      const batch = await catalog.openBatch(newBatch({ notify }));
      await advance(
        catalog,
        await accept(catalog, { ownerId: batch.ownerId, batchId: batch.id }),
        'organize',
      );
      await catalog.sealBatch(batch.id);
      const event = outboxEntry();
      await catalog.settleBatch(batch.id, completedAt, event);
      return { id: batch.id, key: `email:${batch.id}`, event };
    }
    const found = async (now: Date, idleSince: Date, limit = 10) =>
      (await current().catalog.batchesWithoutDelivery({ now, idleSince, limit })).map(({ id }) => id);

    it('When a completed batch was never delivered and its event is gone, then it is found, once idle.', async () => {
      const { catalog } = current();
      const { id, event } = await completedBatch();
      expect(await found(at(200), at(100))).toEqual([]); // its event waits for the relay
      await catalog.markPublished(event);
      expect(await found(at(200), at(9))).toEqual([]);
      expect(await found(at(200), at(10))).toEqual([id]);
      expect(
        await catalog.batchesWithoutDelivery({ now: at(200), idleSince: at(10), limit: 10 }),
      ).toMatchObject([{ id, status: 'completed', total: 1, organized: 1 }]);
    });

    it('When no email is wanted, then the batch is found too, until its delivery is settled: webhooks may wait for it.', async () => {
      const { catalog } = current();
      const { id, key, event } = await completedBatch({ notify: false });
      await catalog.markPublished(event);
      expect(await found(at(1_000), at(900))).toEqual([id]);
      const again = outboxEntry({ event: 'batch.completed' });
      await catalog.requeueBatchCompleted(id, at(1_000), again);
      expect(await catalog.dueOutbox(10)).toEqual([again]);
      await catalog.markPublished(again);
      await catalog.completeDelivery(await claimDelivery(key), at(1_001));
      expect(await found(at(9_000), at(8_000))).toEqual([]);
    });

    it('When a batch is not completed, then it is not found.', async () => {
      const { catalog } = current();
      await catalog.openBatch(newBatch());
      expect(await found(at(1_000), at(900))).toEqual([]);
    });

    it('When the delivery is pending or its lease has expired, then the batch is found; while it is leased, not.', async () => {
      const { catalog } = current();
      const { id, key, event } = await completedBatch();
      await catalog.markPublished(event);
      const claim = await claimDelivery(key, at(100));
      expect(await found(at(129), at(50))).toEqual([]);
      expect(await found(at(131), at(50))).toEqual([id]);
      await catalog.releaseDelivery(claim, blurred);
      expect(await found(at(101), at(50))).toEqual([id]);
    });

    it('When the email was sent or has failed for good, then the batch is not found.', async () => {
      const { catalog } = current();
      const [sent, failed] = [await completedBatch(), await completedBatch()];
      await catalog.markPublished(sent.event);
      await catalog.markPublished(failed.event);
      await catalog.completeDelivery(await claimDelivery(sent.key), at(20));
      await catalog.failDelivery(await claimDelivery(failed.key), blurred);
      expect(await found(at(1_000), at(900))).toEqual([]);
      await catalog.requeueBatchCompleted(sent.id, at(1_000), outboxEntry());
      expect(await outboxIds(catalog)).toEqual([]);
    });

    it('When its event is recorded again, then it is due and the batch is idle only later.', async () => {
      const { catalog } = current();
      const { id, event } = await completedBatch();
      await catalog.markPublished(event);
      const again = outboxEntry({ event: 'batch.completed' });
      await catalog.requeueBatchCompleted(id, at(200), again);
      expect(await catalog.dueOutbox(10)).toEqual([again]);
      expect(await found(at(1_000), at(900))).toEqual([]);
      await catalog.markPublished(again);
      expect(await found(at(300), at(199))).toEqual([]);
      expect(await found(at(400), at(200))).toEqual([id]);
    });

    it('When more are found than asked for, then so many are returned.', async () => {
      const { catalog } = current();
      for (const { event } of [await completedBatch(), await completedBatch()])
        await catalog.markPublished(event);
      expect(await found(at(1_000), at(900), 1)).toHaveLength(1);
    });
  });
}
