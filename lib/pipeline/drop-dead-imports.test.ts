import { randomUUID } from 'node:crypto';
import { unlimited } from '@image-organizer/contracts/http/access-token';
import { newBatch, outboxEntry } from '@image-organizer/testing/builders';
import { startPipeline } from '@image-organizer/testing/start-pipeline';

let pipeline: Awaited<ReturnType<typeof startPipeline>>;
beforeEach(async () => {
  pipeline = await startPipeline();
});
afterEach(() => pipeline.stop());

/** An import whose CSV is being read for a minute at most. */
async function open(): Promise<string> {
  const { catalog, clock, ownerId } = pipeline;
  const [id, now] = [randomUUID(), clock.now()];
  const expiresAt = new Date(now.getTime() + 60_000);
  await catalog.openImport({
    ...{ id, ownerId, ownerEmail: 'ada@example.org', quota: unlimited, folder: null, requestId: null },
    ...{ filename: 'a.csv', createdAt: now, expiresAt },
  });
  await catalog.openBatch(newBatch({ id, ownerId, kind: 'import', createdAt: now, expiresAt }));
  return id;
}

it('When a process dies while it reads a CSV, then the sweeper forgets the import, and no other', async () => {
  const { catalog, ownerId } = pipeline;
  const [dead, started] = [await open(), await open()];
  await catalog.startImport(started, outboxEntry({ event: 'import.requested' }));
  await pipeline.sweeper.sweep();
  expect(await catalog.getImport(ownerId, dead)).toMatchObject({ status: 'receiving' });

  pipeline.advance(61_000);
  await pipeline.sweeper.sweep();
  expect(await catalog.getImport(ownerId, dead)).toBeUndefined();
  expect(await catalog.getBatch(ownerId, dead)).toBeUndefined();
  expect(await catalog.getImport(ownerId, started)).toMatchObject({ status: 'running' });
  expect(await catalog.getBatch(ownerId, started)).toMatchObject({ status: 'receiving' });
});
