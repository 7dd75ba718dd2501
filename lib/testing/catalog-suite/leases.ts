import {
  accept,
  advance,
  at,
  blurred,
  claim,
  completion,
  start,
  times,
  tryClaim,
  type Current,
} from './harness.ts';

export function describeLeases(current: Current): void {
  describe('named leases', () => {
    const hold = (holder: string, now: Date, name = 'sweeper') =>
      current().catalog.holdLease({ name, holder, now, ttlMs: 30_000 });

    it('When 20 want a lease at once, then one holds it; another lease is free.', async () => {
      const held = await Promise.all(times(20, (n) => hold(`process-${n}`, start)));
      expect(held.filter(Boolean)).toHaveLength(1);
      expect(await hold('somebody', start, 'janitor')).toBe(true);
    });

    it('When its holder extends it, then others wait until its new end.', async () => {
      expect(await hold('one', start)).toBe(true);
      expect(await hold('one', at(20))).toBe(true);
      expect(await hold('two', at(40))).toBe(false);
      expect(await hold('two', at(51))).toBe(true);
      expect(await hold('one', at(52))).toBe(false);
    });
  });

  describe('releasing all leases', () => {
    it('When all are released, then running stages and deliveries are pending and what held them is fenced.', async () => {
      const { catalog } = current();
      const [running, classifying] = [
        await accept(catalog),
        await advance(catalog, await accept(catalog), 'extract'),
      ];
      await accept(catalog);
      const held = await claim(catalog, running, 'extract');
      await claim(catalog, classifying, 'classify');
      await catalog.claimDelivery({ key: 'email:1', owner: 'worker-1', now: start, leaseMs: 30_000 });
      await catalog.holdLease({ name: 'sweeper', holder: 'gone', now: start, ttlMs: 30_000 });

      expect(await catalog.releaseAllLeases()).toBe(3);
      const after = (await catalog.getImage(running.ownerId, running.id))!;
      expect(after.stages.extract).toMatchObject({
        status: 'pending',
        epoch: 1,
        attempts: 1,
        owner: null,
        leaseUntil: null,
      });
      expect(after.history.at(-1)).toMatchObject({ stage: 'extract', event: 'lost', attempt: 1 });
      expect(await catalog.completeStage(held, completion('extract'))).toBe('fenced');
      expect(await catalog.releaseStage(held, { now: start, failure: blurred })).toBe(false);
      expect(await tryClaim(catalog, running, 'extract')).toMatchObject({
        kind: 'claimed',
        epoch: 2,
        attempt: 2,
      });
      expect(
        await catalog.claimDelivery({ key: 'email:1', owner: 'worker-2', now: start, leaseMs: 1 }),
      ).toEqual({ kind: 'claimed', epoch: 2, attempt: 2 });
      expect(await catalog.holdLease({ name: 'sweeper', holder: 'new', now: start, ttlMs: 30_000 })).toBe(
        true,
      );
    });

    it('When nothing runs, then nothing is released.', async () => {
      const { catalog } = current();
      await advance(catalog, await accept(catalog), 'organize');
      expect(await catalog.releaseAllLeases()).toBe(0);
      expect(catalog.waitingFor()).toEqual([]);
    });
  });
}
