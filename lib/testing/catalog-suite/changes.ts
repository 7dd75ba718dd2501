import type { Correction } from '@image-organizer/adapters/catalog/corrections';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { newBatch, organizeResult, outboxEntry } from '../builders.ts';
import { until } from '../until.ts';
import {
  accept,
  advance,
  at,
  blurred,
  claim,
  completion,
  failFirstStage,
  organized,
  ownerIds,
  times,
  type Current,
} from './harness.ts';

const beginning = new Date(0);

export function describeChanges(current: Current): void {
  const [ownerId, stranger] = ownerIds();
  const list = (since = beginning, limit = 100) => current().catalog.listChanges({ ownerId, since, limit });
  const ids = async (since?: Date, limit?: number) => (await list(since, limit)).map(({ id }) => id);
  /** A point in time behind all changes until now. Changes are dated to the millisecond, by the clock on the wall. */
  const afterAll = async (): Promise<Date> => {
    const last = (await list()).at(-1)?.changedAt.getTime() ?? 0;
    await until(() => Date.now() > last);
    return new Date(last + 1);
  };
  const say = (image: ImageRecord, correction: Correction) =>
    current().catalog.correctImage({
      ...{ ownerId, imageId: image.id, correction, by: 'ada@example.org', now: at(100) },
      event: () => null,
    });

  describe('changes', () => {
    it('When images and a batch are new, then they are listed, oldest first, dated by the clock on the wall.', async () => {
      const { catalog } = current();
      const began = Date.now();
      const batch = await catalog.openBatch(newBatch({ ownerId }));
      const images = [];
      for (let n = 0; n < 3; n += 1) {
        await afterAll();
        images.push(await accept(catalog, { ownerId, batchId: batch.id }));
      }
      const changes = await list();
      expect(changes.map(({ kind, id }) => [kind, id])).toEqual([
        ['batch', batch.id],
        ...images.map(({ id }) => ['image', id]),
      ]);
      const dates = changes.map(({ changedAt }) => changedAt.getTime());
      expect(dates).toEqual(dates.toSorted((a, b) => a - b));
      expect(dates[0]).toBeGreaterThanOrEqual(began);
      expect(dates[3]).toBeLessThanOrEqual(Date.now());
    });

    it('When what people see of an image changes, then it is listed again, once.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId });
      const steps: [string, () => Promise<unknown>][] = [
        ['claimed', () => claim(catalog, image, 'extract')],
        ['organized', () => advance(catalog, image, 'organize', { now: at(60) })],
        ['captioned', () => say(image, { kind: 'correct', caption: 'Dinner', placedName: 'x' })],
        ['tagged', () => say(image, { kind: 'correct', tags: ['meal'], placedName: 'x' })],
        ['renamed', () => say(image, { kind: 'correct', filename: 'y.jpg', placedName: 'y.jpg' })],
        ['moved', () => say(image, { kind: 'correct', folder: 'Meals', placedName: 'y.jpg' })],
        ['undone', () => say(image, { kind: 'undo', placedName: 'y.jpg' })],
        ['trashed', () => say(image, { kind: 'trash' })],
        ['restored', () => say(image, { kind: 'restore', placedName: 'y.jpg' })],
      ];
      for (const [name, step] of steps) {
        const since = await afterAll();
        await step();
        expect({ name, ids: await ids(since) }).toEqual({ name, ids: [image.id] });
      }
      expect(await ids()).toEqual([image.id]);
    });

    it('When an image fails and is retried, then each is listed.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId });
      const retry = {
        ownerId,
        imageId: image.id,
        stage: 'extract' as const,
        now: at(5),
        event: outboxEntry(),
      };
      for (const step of [() => failFirstStage(catalog, image), () => catalog.retryStage(retry)]) {
        const since = await afterAll();
        await step();
        expect(await ids(since)).toEqual([image.id]);
      }
    });

    it('When a lease is renewed, an attempt fails or a text is read, then nobody is told.', async () => {
      const { catalog } = current();
      const image = await accept(catalog, { ownerId });
      const held = await claim(catalog, image, 'extract');
      const since = await afterAll();
      await catalog.renewLease(held, at(90));
      await catalog.reportProgress(held, { text: 'a text' });
      await catalog.releaseStage(held, { now: at(1), failure: blurred });
      const again = await claim(catalog, image, 'extract', { now: at(2) });
      await catalog.completeStage(again, completion('extract'));
      expect(await ids(since)).toEqual([]);
    });

    it('When a batch is completed, then it is listed; one that stayed empty is not.', async () => {
      const { catalog } = current();
      const [batch, empty] = [newBatch({ ownerId }), newBatch({ ownerId })];
      await Promise.all([catalog.openBatch(batch), catalog.openBatch(empty)]);
      await organized(catalog, { ownerId, batchId: batch.id });
      await Promise.all([catalog.sealBatch(batch.id), catalog.sealBatch(empty.id)]);
      const since = await afterAll();
      await catalog.settleBatch(batch.id, at(9), outboxEntry({ event: 'batch.completed' }));
      expect(await list(since)).toMatchObject([{ kind: 'batch', id: batch.id }]);
      expect(await ids()).not.toContain(empty.id);
    });

    it("When another owner's images change, then nothing of it is listed.", async () => {
      const { catalog } = current();
      await catalog.openBatch(newBatch({ ownerId: stranger }));
      await organized(catalog, { ownerId: stranger });
      expect(await list()).toEqual([]);
    });

    it('When there are more than asked for, then who goes on from the last date gets all of them.', async () => {
      const { catalog } = current();
      const images = await Promise.all(
        times(7, (n) =>
          organized(catalog, { ownerId }, { organize: organizeResult({ filename: `${n}.jpg` }) }),
        ),
      );
      const seen = new Set<string>();
      let since = beginning;
      for (let page = await list(since, 3); ; page = await list(since, 3)) {
        expect(page.length).toBeLessThanOrEqual(3);
        for (const { id } of page) seen.add(id);
        const last = page.at(-1)?.changedAt;
        if (page.length < 3 || !last) break;
        since = last > since ? last : new Date(since.getTime() + 1);
      }
      expect([...seen].sort()).toEqual(images.map(({ id }) => id).sort());
    });

    it('When an image is forgotten, then its change is too.', async () => {
      const { catalog } = current();
      const image = await organized(catalog, { ownerId });
      await say(image, { kind: 'trash' });
      await catalog.purgeImage(image.id, at(200));
      expect(await ids()).not.toContain(image.id);
    });
  });
}
