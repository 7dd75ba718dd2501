import { randomUUID } from 'node:crypto';
import type { StageLane } from '@image-organizer/adapters/catalog/catalog';
import type { StageName } from '@image-organizer/contracts/vocabulary';
import { newImage, outboxEntry } from '../builders.ts';
import {
  accept,
  advance,
  at,
  blurred,
  claim,
  failFirstStage,
  outboxIds,
  start,
  tryClaim,
  type Current,
} from './harness.ts';

export function describeStuckStages(current: Current): void {
  describe('stuck stages', () => {
    const stuck = async (now: Date, idleSince: Date, limit = 10, queued: StageLane[] = []) =>
      (await current().catalog.stuckStages({ now, idleSince, queued, queuedSince: at(-50), limit })).map(
        ({ image, stage }) => `${stage} ${image.id}`,
      );
    const requeue = (imageId: string, stage: StageName, now: Date, event = outboxEntry()) =>
      current().catalog.requeueStage({ imageId, stage, now, event });

    it('When a pending stage lies untouched without an event, then it is stuck; with an event it is not.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { uploadedAt: at(0) });
      await catalog.acceptImage(newImage({ uploadedAt: at(0) }), outboxEntry());
      expect(await stuck(at(200), at(-1))).toEqual([]);
      expect(await stuck(at(200), at(100))).toEqual([`extract ${image.id}`]);
      const asked = { now: at(200), idleSince: at(100), queued: [], queuedSince: at(0), limit: 10 };
      expect(await catalog.stuckStages(asked)).toEqual([{ image, stage: 'extract' }]);
    });

    it('When a stage is done, then the next one counts as untouched since then.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      await advance(catalog, image, 'extract', { now: at(50) });
      expect(await stuck(at(200), at(49))).toEqual([]);
      expect(await stuck(at(200), at(50))).toEqual([`classify ${image.id}`]);
    });

    it('When an attempt is given back, then the stage counts as untouched since then.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract');
      await catalog.releaseStage(held, { now: at(50), failure: blurred });
      expect(await stuck(at(200), at(49))).toEqual([]);
      expect(await stuck(at(200), at(50))).toEqual([`extract ${image.id}`]);
    });

    it('When a lease has expired, then the stage is stuck at once; while it holds it is not.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      await claim(catalog, image, 'extract', { leaseMs: 30_000 });
      expect(await stuck(at(29), start)).toEqual([]);
      expect(await stuck(at(31), at(-100))).toEqual([`extract ${image.id}`]);
    });

    it('When images are organised, failed or deleted, then nothing of them is stuck.', async () => {
      const { catalog, markDeleted } = current();
      await advance(catalog, await accept(catalog), 'organize');
      await failFirstStage(catalog, await accept(catalog));
      const [pending, running] = [await accept(catalog), await accept(catalog)];
      await claim(catalog, running, 'extract');
      await markDeleted(pending.id);
      await markDeleted(running.id);
      expect(await stuck(at(1_000), at(900))).toEqual([]);
    });

    it('When messages wait in the queue of a stage and lane, then its pending images are not stuck until much later; others are.', async () => {
      const { catalog } = current();
      const [behind, long] = [
        await accept(catalog, { lane: 'bulk' }),
        await accept(catalog, { lane: 'bulk', uploadedAt: at(-60) }),
      ];
      const other = await accept(catalog, { lane: 'interactive' });
      const next = await advance(catalog, await accept(catalog, { lane: 'bulk' }), 'extract');
      const queued = [{ stage: 'extract', lane: 'bulk' }] as const;
      const found = await stuck(at(200), at(100), 10, [...queued]);
      expect(found.sort()).toEqual(
        [`classify ${next.id}`, `extract ${long.id}`, `extract ${other.id}`].sort(),
      );
      expect(await stuck(at(200), at(100))).toContain(`extract ${behind.id}`);
    });

    it('When more are stuck than asked for, then so many are returned.', async () => {
      const { catalog } = current();
      for (let count = 0; count < 3; count++) await accept(catalog);
      expect(await stuck(at(200), at(100), 2)).toHaveLength(2);
    });

    it('When a stuck stage is queued again, then its event is recorded and it is idle only later.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const event = outboxEntry();
      expect(await requeue(image.id, 'extract', at(200), event)).toBe(true);
      expect(await catalog.dueOutbox(10)).toEqual([event]);
      expect(await stuck(at(1_000), at(900))).toEqual([]); // its event waits for the relay
      await catalog.markPublished(event);
      expect(await stuck(at(300), at(199))).toEqual([]);
      expect(await stuck(at(400), at(200))).toEqual([`extract ${image.id}`]);
    });

    it('When a stage with an expired lease is queued again, then a claim can take it over, and it is stuck again only when idle.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      await claim(catalog, image, 'extract', { leaseMs: 30_000 });
      const event = outboxEntry();
      expect(await requeue(image.id, 'extract', at(60), event)).toBe(true);
      await catalog.markPublished(event);
      expect(await stuck(at(90), at(-30))).toEqual([]);
      expect(await stuck(at(180), at(60))).toEqual([`extract ${image.id}`]);
      expect(await tryClaim(catalog, image, 'extract', { now: at(61) })).toMatchObject({
        kind: 'claimed',
        attempt: 2,
      });
    });

    it('When the stage is stuck no more, then queueing it changes nothing.', async () => {
      const { catalog } = current();
      const leased = await accept(catalog);
      await claim(catalog, leased, 'extract');
      const broken = await accept(catalog);
      await failFirstStage(catalog, broken);
      const done = await advance(catalog, await accept(catalog), 'extract');
      expect(await requeue(leased.id, 'extract', at(1))).toBe(false);
      expect(await requeue(broken.id, 'extract', at(100))).toBe(false);
      expect(await requeue(done.id, 'extract', at(100))).toBe(false);
      expect(await requeue(done.id, 'organize', at(100))).toBe(false);
      expect(await requeue(randomUUID(), 'extract', at(100))).toBe(false);
      expect(await outboxIds(catalog)).toEqual([]);
      expect(await requeue(done.id, 'classify', at(100))).toBe(true);
      expect(await requeue(done.id, 'classify', at(100))).toBe(false); // its event waits already
    });
  });
}
