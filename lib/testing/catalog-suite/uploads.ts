import { randomUUID } from 'node:crypto';
import { newImage, outboxEntry } from '../builders.ts';
import { accept, at, outboxIds, start, times, type Current } from './harness.ts';

export function describeUploads(current: Current): void {
  describe('uploads', () => {
    const intent = (imageId: string, expiresAt = at(60)) => ({ imageId, ownerId: randomUUID(), expiresAt });

    it('When an intent has expired, then it is found, the oldest first, at most as many as asked for.', async () => {
      const { catalog } = current();
      const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
      await catalog.openUpload(intent(second, at(20)));
      await catalog.openUpload(intent(first, at(10)));
      await catalog.openUpload(intent(third, at(30)));
      expect(await catalog.expiredUploads(at(25), 10)).toEqual([{ imageId: first }, { imageId: second }]);
      expect(await catalog.expiredUploads(at(25), 1)).toEqual([{ imageId: first }]);
    });

    it('When an intent is closed, then it is never found expired; closing it again is no error.', async () => {
      const { catalog } = current();
      const id = randomUUID();
      await catalog.openUpload(intent(id));
      await catalog.closeUpload(id);
      await catalog.closeUpload(id);
      expect(await catalog.expiredUploads(at(3_600), 10)).toEqual([]);
    });

    it('When an image is accepted, then it is queued with all stages pending, its intent is closed and its event recorded.', async () => {
      const { catalog } = current();
      const image = newImage({ requestedFolder: 'Taxes/2026' });
      const event = outboxEntry();
      await catalog.openUpload(intent(image.id));
      const outcome = await catalog.acceptImage(image, event);

      const { idempotencyKey: _key, ...facts } = image;
      const pending = {
        status: 'pending',
        epoch: 0,
        attempts: 0,
        owner: null,
        leaseUntil: null,
        error: null,
        durationMs: null,
      };
      const record = {
        ...facts,
        status: 'queued',
        stages: { extract: pending, classify: pending, organize: pending },
        duplicateOf: null,
        organizedAt: null,
        metadata: null,
        renditions: null,
        text: null,
        textConfidence: null,
        language: null,
        decision: null,
        caption: null,
        tags: [],
        userFields: [],
        placement: null,
        pastPlacements: [],
        deletedAt: null,
        history: [
          {
            at: image.uploadedAt,
            stage: 'upload',
            event: 'accepted',
            attempt: null,
            durationMs: null,
            error: null,
          },
        ],
      };
      expect(outcome).toEqual({ kind: 'accepted', image: record });
      expect(await catalog.getImage(image.ownerId, image.id)).toEqual(record);
      expect(await catalog.expiredUploads(at(3_600), 10)).toEqual([]);
      expect(await catalog.dueOutbox(10)).toEqual([event]);
    });

    it('When one idempotency key comes 50 times at once, then one image is accepted and the others get that one.', async () => {
      const { catalog } = current();
      const ownerId = randomUUID();
      const outcomes = await Promise.all(
        times(50, () => catalog.acceptImage(newImage({ ownerId, idempotencyKey: 'key-1/0' }), outboxEntry())),
      );
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'replayed')).toHaveLength(49);
      expect(new Set(outcomes.map(({ image }) => image.id)).size).toBe(1);
      expect((await catalog.listImages({ ownerId, sort: 'uploadedAt', limit: 100 })).items).toHaveLength(1);
      expect(await outboxIds(catalog)).toHaveLength(1);
    });

    it('When two owners use one key, or one owner uses none twice, then each image is accepted.', async () => {
      const { catalog } = current();
      const ownerId = randomUUID();
      const images = [
        newImage({ idempotencyKey: 'key-1/0' }),
        newImage({ idempotencyKey: 'key-1/0' }),
        newImage({ ownerId }),
        newImage({ ownerId }),
      ];
      for (const image of images) {
        expect(await catalog.acceptImage(image, outboxEntry())).toMatchObject({
          kind: 'accepted',
          image: { id: image.id },
        });
      }
    });

    it('When the owner has the same bytes already, then the image is a duplicate of the oldest that lives.', async () => {
      const { catalog, markDeleted } = current();
      const bytes = { ownerId: randomUUID(), sha256: 'a'.repeat(64) };
      const oldest = await accept(catalog, { ...bytes, uploadedAt: at(1) });
      const second = await accept(catalog, { ...bytes, uploadedAt: at(2) });
      const third = await accept(catalog, { ...bytes, uploadedAt: at(3) });
      expect([oldest, second, third].map(({ duplicateOf }) => duplicateOf)).toEqual([
        null,
        oldest.id,
        oldest.id,
      ]);
      await markDeleted(oldest.id);
      expect((await accept(catalog, { ...bytes, uploadedAt: at(4) })).duplicateOf).toBe(second.id);
    });

    it('When somebody else has the same bytes, then the image is no duplicate.', async () => {
      const { catalog } = current();
      await accept(catalog, { sha256: 'a'.repeat(64), uploadedAt: start });
      expect((await accept(catalog, { sha256: 'a'.repeat(64) })).duplicateOf).toBeNull();
    });
  });
}
