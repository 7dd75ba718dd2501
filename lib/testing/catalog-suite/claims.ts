import { randomUUID } from 'node:crypto';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import {
  accept,
  advance,
  at,
  claim,
  completion,
  failFirstStage,
  times,
  tryClaim,
  type Current,
} from './harness.ts';

export function describeClaims(current: Current): void {
  const read = async ({ ownerId, id }: ImageRecord) => (await current().catalog.getImage(ownerId, id))!;
  const events = ({ history }: ImageRecord) => history.map(({ stage, event }) => `${stage} ${event}`);

  describe('claiming a stage', () => {
    it('When a pending stage is claimed, then it is running and the image is processing.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const outcome = await tryClaim(catalog, image, 'extract', {
        now: at(1),
        leaseMs: 5_000,
        owner: 'worker-7',
      });
      const after = await read(image);
      expect(outcome).toEqual({ kind: 'claimed', epoch: 1, attempt: 1, image: after });
      expect(after).toMatchObject({
        status: 'processing',
        stages: {
          extract: { status: 'running', epoch: 1, attempts: 1, owner: 'worker-7', leaseUntil: at(6) },
        },
      });
      expect(after.history.at(-1)).toMatchObject({
        at: at(1),
        stage: 'extract',
        event: 'started',
        attempt: 1,
      });
    });

    it('When 20 claim at once, then one wins and the others see its lease.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const outcomes = await Promise.all(
        times(20, (n) => tryClaim(catalog, image, 'extract', { owner: `worker-${n}` })),
      );
      expect(outcomes.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'leased')).toEqual(
        times(19, () => ({ kind: 'leased', until: at(30) })),
      );
      expect((await read(image)).stages.extract).toMatchObject({ epoch: 1, attempts: 1 });
    });

    it('When the lease has expired, then the next claim takes over, and the lost attempt is in the history.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      await claim(catalog, image, 'extract', { leaseMs: 30_000 });
      expect(await tryClaim(catalog, image, 'extract', { now: at(29) })).toEqual({
        kind: 'leased',
        until: at(30),
      });
      expect(await tryClaim(catalog, image, 'extract', { now: at(31) })).toMatchObject({
        kind: 'claimed',
        epoch: 2,
        attempt: 2,
      });
      const after = await read(image);
      expect(events(after)).toEqual([
        'upload accepted',
        'extract started',
        'extract lost',
        'extract started',
      ]);
      expect(after.history.slice(2)).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
    });

    it('When the lease is renewed, then nobody takes over before its new end.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract');
      expect(await catalog.renewLease(held, at(90))).toBe(true);
      expect(await tryClaim(catalog, image, 'extract', { now: at(60) })).toEqual({
        kind: 'leased',
        until: at(90),
      });
    });

    it('When the stage is done or failed, or an earlier one is not done, then there is nothing to claim.', async () => {
      const { catalog } = current();
      const done = await advance(catalog, await accept(catalog), 'extract');
      const broken = await accept(catalog);
      await failFirstStage(catalog, broken);
      expect(await tryClaim(catalog, done, 'extract')).toEqual({ kind: 'settled', image: done });
      expect(await tryClaim(catalog, done, 'organize')).toEqual({ kind: 'settled', image: done });
      expect(await tryClaim(catalog, broken, 'extract')).toMatchObject({
        kind: 'settled',
        image: { status: 'failed' },
      });
      expect(await tryClaim(catalog, broken, 'classify')).toMatchObject({ kind: 'settled' });
    });

    it("When the image is unknown or somebody else's, then it is missing.", async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      expect(await tryClaim(catalog, { ...image, id: randomUUID() }, 'extract')).toEqual({ kind: 'missing' });
      expect(await tryClaim(catalog, { ...image, ownerId: randomUUID() }, 'extract')).toEqual({
        kind: 'missing',
      });
      expect((await read(image)).status).toBe('queued');
    });

    it('When the image is deleted, then the claim says so and a worker that holds it is fenced.', async () => {
      const { catalog, markDeleted } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract');
      await markDeleted(image.id);
      expect(await tryClaim(catalog, image, 'extract', { now: at(60) })).toEqual({ kind: 'deleted' });
      expect(await catalog.completeStage(held, completion('extract'))).toBe('fenced');
    });
  });
}
