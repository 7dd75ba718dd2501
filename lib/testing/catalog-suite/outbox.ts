import { randomUUID } from 'node:crypto';
import { newImage, outboxEntry } from '../builders.ts';
import { accept, advance, at, claim, completion, outboxIds, type Current } from './harness.ts';

export function describeOutbox(current: Current): void {
  describe('outbox', () => {
    it('When events are recorded, then they are due, the oldest first, as they were written.', async () => {
      const { catalog } = current();
      const data = { nested: { list: [1, 'ä', null] } };
      const [first, second, third] = [1, 2, 3].map((second) =>
        outboxEntry({
          createdAt: at(second),
          lane: 'bulk',
          requestId: null,
          version: 2,
          data,
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        }),
      );
      await catalog.acceptImage(newImage(), second!);
      await catalog.acceptImage(newImage(), third!);
      await catalog.acceptImage(newImage(), first!);
      expect(await catalog.dueOutbox(10)).toEqual([first, second, third]);
      expect(await catalog.dueOutbox(2)).toEqual([first, second]);
      expect(await catalog.oldestOutboxEntryAt()).toEqual(at(1));
    });

    it('When an event is marked as published, then it is due no more; marking it again is no error.', async () => {
      const { catalog } = current();
      const [published, due] = [outboxEntry({ createdAt: at(1) }), outboxEntry({ createdAt: at(2) })];
      await catalog.acceptImage(newImage(), published);
      await catalog.acceptImage(newImage(), due);
      await catalog.markPublished(published);
      await catalog.markPublished({ id: published.id });
      await catalog.markPublished({ id: randomUUID() });
      expect(await catalog.dueOutbox(10)).toEqual([due]);
      expect(await catalog.oldestOutboxEntryAt()).toEqual(at(2));
      await catalog.markPublished(due);
      expect(await catalog.oldestOutboxEntryAt()).toBeNull();
    });

    it('When an image records an event before its last is published, then both are due.', async () => {
      const { catalog } = current();
      const [uploaded, extracted] = [outboxEntry({ createdAt: at(1) }), outboxEntry({ createdAt: at(2) })];
      const { image } = await catalog.acceptImage(newImage(), uploaded);
      await catalog.completeStage(
        await claim(catalog, image, 'extract'),
        completion('extract', { event: extracted }),
      );
      expect(await outboxIds(catalog)).toEqual([uploaded.id, extracted.id]);
      await catalog.markPublished(uploaded);
      expect(await outboxIds(catalog)).toEqual([extracted.id]);
    });

    it('When a stage is completed without an event, then none is recorded.', async () => {
      const { catalog } = current();
      await advance(catalog, await accept(catalog), 'organize');
      expect(await catalog.dueOutbox(10)).toEqual([]);
    });
  });
}
