import { randomUUID } from 'node:crypto';
import { stageNames } from '@image-organizer/contracts/vocabulary';
import type { Catalog, Claim } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import {
  classifyResult,
  decision,
  extractResult,
  organizeResult,
  outboxEntry,
  rendition,
} from '../builders.ts';
import {
  accept,
  advance,
  at,
  blurred,
  claim,
  completion,
  failFirstStage,
  outboxIds,
  start,
  times,
  tryClaim,
  type Current,
} from './harness.ts';

export function describeStages(current: Current): void {
  const read = async ({ ownerId, id }: ImageRecord) => (await current().catalog.getImage(ownerId, id))!;
  const events = ({ history }: ImageRecord) => history.map(({ stage, event }) => `${stage} ${event}`);

  describe('working on a stage', () => {
    it('When a part is reported, then it can be read while the stage runs; the rest comes with the completion.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract');
      const { renditions, metadata, ...text } = extractResult();
      expect(await catalog.reportProgress(held, { renditions, metadata })).toBe(true);
      expect(await read(image)).toMatchObject({
        renditions,
        metadata,
        text: null,
        stages: { extract: { status: 'running' } },
      });
      const result = { ...extractResult({ renditions, metadata }), ...text, text: 'late text' };
      expect(await catalog.completeStage(held, completion('extract', { result }))).toBe('committed');
      expect(await read(image)).toMatchObject({ ...result, stages: { extract: { status: 'done' } } });
    });

    it('When each stage is completed, then result, duration, history and event are recorded, and at the end the image is organised.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const [extracted, classified] = [outboxEntry({ createdAt: at(1) }), outboxEntry({ createdAt: at(2) })];
      const [extract, classify, organize] = [extractResult(), classifyResult(), organizeResult()];

      const first = await claim(catalog, image, 'extract');
      await catalog.completeStage(first, {
        result: extract,
        durationMs: 1_200,
        now: at(1),
        event: extracted,
      });
      expect(await read(image)).toMatchObject({ status: 'processing', ...extract });
      const second = await claim(catalog, image, 'classify');
      await catalog.completeStage(second, {
        result: classify,
        durationMs: 30.5,
        now: at(2),
        event: classified,
      });
      expect(await read(image)).toMatchObject({
        ...classify,
        caption: decision().caption,
        tags: decision().tags,
      });
      const third = await claim(catalog, image, 'organize');
      await catalog.completeStage(third, { result: organize, durationMs: 5, now: at(3), event: null });

      const after = await read(image);
      const done = { status: 'done', epoch: 1, attempts: 1, owner: null, leaseUntil: null, error: null };
      expect(after).toMatchObject({
        status: 'organized',
        organizedAt: at(3),
        ...organize,
        stages: {
          extract: { ...done, durationMs: 1_200 },
          classify: { ...done, durationMs: 30.5 },
          organize: { ...done, durationMs: 5 },
        },
      });
      expect(events(after)).toEqual([
        'upload accepted',
        ...stageNames.flatMap((name) => [`${name} started`, `${name} done`]),
      ]);
      expect(after.history.at(-1)).toEqual({
        at: at(3),
        stage: 'organize',
        event: 'done',
        attempt: 1,
        durationMs: 5,
        error: null,
      });
      expect(await catalog.dueOutbox(10)).toEqual([extracted, classified]);
    });

    it('When a stage is completed 20 times at once, then one commit counts.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract');
      const outcomes = await Promise.all(
        times(20, () => catalog.completeStage(held, completion('extract', { event: outboxEntry() }))),
      );
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'fenced')).toHaveLength(19);
      expect(await outboxIds(catalog)).toHaveLength(1);
    });

    it('When the lease has expired but nobody took over, then the completion counts.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract', { leaseMs: 1_000 });
      expect(await catalog.completeStage(held, completion('extract', { now: at(60) }))).toBe('committed');
    });

    const late: [string, (catalog: Catalog, held: Claim<'extract'>) => Promise<unknown>, unknown][] = [
      ['renews', (catalog, held) => catalog.renewLease(held, at(500)), false],
      ['reports', (catalog, held) => catalog.reportProgress(held, { text: 'late' }), false],
      [
        'completes',
        (catalog, held) => catalog.completeStage(held, completion('extract', { event: outboxEntry() })),
        'fenced',
      ],
      ['releases', (catalog, held) => catalog.releaseStage(held, { now: at(60), failure: blurred }), false],
      ['gives back', (catalog, held) => catalog.releaseStage(held, { now: at(60), failure: null }), false],
      [
        'fails',
        (catalog, held) => catalog.failStage(held, { now: at(60), failure: blurred, event: outboxEntry() }),
        false,
      ],
    ];
    it.each(late)(
      'When a worker %s after somebody took over, then it is fenced and nothing changes.',
      async (_does, act, fenced) => {
        const { catalog } = current();
        const image = await accept(catalog);
        const slow = await claim(catalog, image, 'extract', { leaseMs: 1_000 });
        await claim(catalog, image, 'extract', { now: at(2), owner: 'worker-2' });
        const before = await read(image);
        expect(await act(catalog, slow)).toBe(fenced);
        expect(await read(image)).toEqual(before);
        expect(await outboxIds(catalog)).toEqual([]);
      },
    );

    it.each(late)(
      'When a worker %s after the stage was given back, then it is fenced.',
      async (_does, act, fenced) => {
        const { catalog } = current();
        const image = await accept(catalog);
        const held = await claim(catalog, image, 'extract');
        await catalog.releaseStage(held, { now: at(1), failure: blurred });
        const before = await read(image);
        expect(await act(catalog, held)).toBe(fenced);
        expect(await read(image)).toEqual(before);
      },
    );

    it('When an attempt fails, then the stage is pending with its failure in the history, and the next attempt is counted.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract');
      expect(await catalog.releaseStage(held, { now: at(3), failure: blurred })).toBe(true);
      const after = await read(image);
      expect(after).toMatchObject({
        status: 'processing',
        stages: {
          extract: {
            status: 'pending',
            epoch: 1,
            attempts: 1,
            owner: null,
            leaseUntil: null,
            error: blurred,
          },
        },
      });
      expect(after.history.at(-1)).toEqual({
        at: at(3),
        stage: 'extract',
        event: 'attempt-failed',
        attempt: 1,
        durationMs: null,
        error: blurred,
      });
      expect(await tryClaim(catalog, image, 'extract', { now: at(4) })).toMatchObject({
        kind: 'claimed',
        epoch: 2,
        attempt: 2,
      });
    });

    it('When work is postponed, then its attempt is given back and leaves no trace in the history.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract');
      expect(await catalog.releaseStage(held, { now: at(1), failure: null })).toBe(true);
      const after = await read(image);
      expect(after.stages.extract).toMatchObject({
        status: 'pending',
        attempts: 0,
        owner: null,
        leaseUntil: null,
      });
      expect(events(after)).toEqual(['upload accepted']);
      expect(await tryClaim(catalog, image, 'extract', { now: at(2) })).toMatchObject({
        epoch: 2,
        attempt: 1,
      });
    });

    it('When a stage fails for good, then the image is failed, with its event.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const held = await claim(catalog, image, 'extract');
      const event = outboxEntry({ event: 'image.failed' });
      expect(await catalog.failStage(held, { now: at(2), failure: blurred, event })).toBe(true);
      const after = await read(image);
      expect(after).toMatchObject({
        status: 'failed',
        stages: { extract: { status: 'failed', error: blurred, owner: null, leaseUntil: null } },
      });
      expect(after.history.at(-1)).toMatchObject({ at: at(2), event: 'failed', attempt: 1, error: blurred });
      expect(await catalog.dueOutbox(10)).toEqual([event]);
    });

    it('When a failed stage is retried, then it is pending with no attempts, and a worker of before is fenced.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      await failFirstStage(catalog, image);
      const event = outboxEntry();
      const request = {
        ownerId: image.ownerId,
        imageId: image.id,
        stage: 'extract' as const,
        now: at(9),
        event,
      };
      expect(await catalog.retryStage(request)).toBe(true);
      const after = await read(image);
      expect(after).toMatchObject({
        status: 'processing',
        stages: { extract: { status: 'pending', epoch: 1, attempts: 0, error: null } },
      });
      expect(after.history.at(-1)).toMatchObject({ at: at(9), stage: 'extract', event: 'retried' });
      expect(await catalog.dueOutbox(10)).toEqual([event]);
      const late: Claim<'extract'> = { imageId: image.id, stage: 'extract', epoch: 1 };
      expect(await catalog.completeStage(late, completion('extract'))).toBe('fenced');
      expect(await tryClaim(catalog, image, 'extract')).toMatchObject({
        kind: 'claimed',
        epoch: 2,
        attempt: 1,
      });
    });

    it("When the stage has not failed, or the image is somebody else's, then a retry changes nothing.", async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const request = {
        ownerId: image.ownerId,
        imageId: image.id,
        stage: 'extract' as const,
        now: at(9),
        event: outboxEntry(),
      };
      expect(await catalog.retryStage(request)).toBe(false);
      await failFirstStage(catalog, image);
      const before = await read(image);
      expect(await catalog.retryStage({ ...request, ownerId: randomUUID() })).toBe(false);
      expect(await catalog.retryStage({ ...request, stage: 'classify' })).toBe(false);
      expect(await read(image)).toEqual(before);
      expect(await outboxIds(catalog)).toEqual([]);
    });

    it('When much happens to an image, then its history keeps the newest 50.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      for (let second = 0; second < 30; second++) {
        const held = await claim(catalog, image, 'extract', { now: at(second) });
        await catalog.releaseStage(held, { now: at(second), failure: blurred });
      }
      const { history } = await read(image);
      expect(history).toHaveLength(50);
      expect(history.at(-1)).toMatchObject({ at: at(29), event: 'attempt-failed', attempt: 30 });
    });

    it('When a folder has the filename already in any case, then the placement is refused until it has another name.', async () => {
      const { catalog } = current();
      const ownerId = randomUUID();
      const place = async (image: ImageRecord, folder: string, filename: string) => {
        const held = await claim(catalog, image, 'organize', { now: at(60) });
        const result = organizeResult({ folder, filename });
        return {
          held,
          outcome: await catalog.completeStage(
            held,
            completion('organize', { result, event: outboxEntry() }),
          ),
        };
      };
      const [first, second, elsewhere, foreign] = await Promise.all(
        [ownerId, ownerId, ownerId, randomUUID()].map(async (ownerId) =>
          advance(catalog, await accept(catalog, { ownerId }), 'classify'),
        ),
      );
      expect((await place(first!, 'Receipts', 'Überweisung.jpg')).outcome).toBe('committed');
      expect((await place(elsewhere!, 'Receipts/2026', 'Überweisung.jpg')).outcome).toBe('committed');
      expect((await place(foreign!, 'Receipts', 'Überweisung.jpg')).outcome).toBe('committed');
      const { held, outcome } = await place(second!, 'Receipts', 'überweisung.JPG');
      expect(outcome).toBe('name-taken');
      expect(await read(second!)).toMatchObject({
        status: 'processing',
        placement: null,
        stages: { organize: { status: 'running' } },
      });
      expect(await outboxIds(catalog)).toHaveLength(3);
      const result = organizeResult({ filename: 'überweisung (2).jpg' });
      expect(await catalog.completeStage(held, completion('organize', { result }))).toBe('committed');
    });

    it('When 20 images want one name at once, then one gets it.', async () => {
      const { catalog } = current();
      const ownerId = randomUUID();
      const claims = await Promise.all(
        times(20, async () => {
          const image = await advance(catalog, await accept(catalog, { ownerId }), 'classify');
          return claim(catalog, image, 'organize');
        }),
      );
      const outcomes = await Promise.all(
        claims.map((held) => catalog.completeStage(held, completion('organize'))),
      );
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'name-taken')).toHaveLength(19);
    });

    it('When a deleted image had the name, or the image itself has it, then it is free.', async () => {
      const { catalog, markDeleted } = current();
      const ownerId = randomUUID();
      const results = { organize: organizeResult({ filename: 'a.jpg' }) };
      const deleted = await advance(catalog, await accept(catalog, { ownerId }), 'organize', { results });
      await markDeleted(deleted.id);
      const image = await advance(catalog, await accept(catalog, { ownerId }), 'organize', { results });
      expect(image.placement).toMatchObject({ folder: 'Receipts', filename: 'a.jpg' });
    });

    it('When renditions are reported by two attempts, then those of the last stay.', async () => {
      const { catalog } = current();
      const image = await accept(catalog);
      const renditions = (blobId: string) => ({
        ...extractResult().renditions,
        small: rendition({ blobId }),
      });
      await catalog.reportProgress(await claim(catalog, image, 'extract', { leaseMs: 1 }), {
        renditions: renditions('first'),
      });
      await catalog.reportProgress(await claim(catalog, image, 'extract', { now: at(1) }), {
        renditions: renditions('second'),
      });
      expect((await read(image)).renditions?.small.blobId).toBe('second');
      expect((await read(image)).uploadedAt).toEqual(start);
    });
  });
}
