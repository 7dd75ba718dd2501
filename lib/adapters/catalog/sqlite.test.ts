import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newBatch, newImage, outboxEntry } from '@image-organizer/testing/builders';
import { describeCatalog } from '@image-organizer/testing/describe-catalog';
import { createSqliteCatalog } from './sqlite.ts';

const folders: string[] = [];
function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  folders.push(folder);
  return join(folder, 'made-for-it', 'catalog.sqlite');
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function onFile<Result>(path: string, work: (connection: DatabaseSync) => Result): Result {
  using connection = new DatabaseSync(path);
  return work(connection);
}

describeCatalog('sqlite', async () => {
  const path = newPath();
  const catalog = createSqliteCatalog({ path });
  return {
    catalog,
    async markDeleted(id) {
      onFile(path, (connection) =>
        connection
          .prepare(`UPDATE images SET doc = json_set(doc, '$.deletedAt', :at) WHERE id = :id`)
          .run({ id, at: new Date().toISOString() }),
      );
    },
    dispose: () => catalog.close(),
  };
});

describe('the file of a SQLite catalogue', () => {
  it('When it is closed and opened again, then all is there; closing twice is no error.', async () => {
    const path = newPath();
    const first = createSqliteCatalog({ path });
    const event = outboxEntry();
    const { image } = await first.acceptImage(newImage(), event);
    await first.close();
    await first.close();
    const second = createSqliteCatalog({ path });
    expect(await second.getImage(image.ownerId, image.id)).toEqual(image);
    expect(await second.dueOutbox(10)).toEqual([event]);
    await second.close();
  });

  it('When two have it open, then each sees what the other did and one of them wins a claim.', async () => {
    const path = newPath();
    const [one, two] = [createSqliteCatalog({ path }), createSqliteCatalog({ path })];
    const { image } = await one.acceptImage(newImage(), outboxEntry());
    const request = {
      imageId: image.id,
      ownerId: image.ownerId,
      stage: 'extract' as const,
      owner: 'w',
      now: new Date(),
      leaseMs: 1_000,
    };
    const outcomes = await Promise.all([two.claimStage(request), one.claimStage(request)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['claimed', 'leased']);
    await one.close();
    await two.close();
  });

  it('When it is made, then it is in WAL mode, so that nobody who reads waits for somebody who writes.', async () => {
    const path = newPath();
    const catalog = createSqliteCatalog({ path });
    expect(onFile(path, (connection) => connection.prepare('PRAGMA journal_mode').get())).toEqual({
      journal_mode: 'wal',
    });
    await catalog.close();
  });

  it('When it was made by a newer program, then it is refused and left as it is.', () => {
    const path = newPath();
    void createSqliteCatalog({ path }).close();
    onFile(path, (connection) => connection.exec('PRAGMA user_version = 999'));
    expect(() => createSqliteCatalog({ path })).toThrow(/schema version 999.*newer program/);
    expect(onFile(path, (connection) => connection.prepare('PRAGMA user_version').get())).toEqual({
      user_version: 999,
    });
  });

  it('When an image is from before there were corrections, then it reads as one that nobody corrected.', async () => {
    const path = newPath();
    const catalog = createSqliteCatalog({ path });
    const { image } = await catalog.acceptImage(newImage(), outboxEntry());
    const removed = "UPDATE images SET doc = json_remove(doc, '$.userFields', '$.pastPlacements')";
    onFile(path, (connection) => connection.exec(removed));
    expect(await catalog.getImage(image.ownerId, image.id)).toEqual(image);
    await catalog.close();
  });

  it('When a change cannot be recorded with its event, then neither is there.', async () => {
    const catalog = createSqliteCatalog({ path: ':memory:' });
    const event = outboxEntry();
    await catalog.acceptImage(newImage(), event);
    const second = newImage();
    await expect(catalog.acceptImage(second, event)).rejects.toThrow(/UNIQUE constraint failed: outbox.id/);
    expect(await catalog.getImage(second.ownerId, second.id)).toBeUndefined();
    await catalog.close();
  });
});

describe('the statements of a SQLite catalogue', () => {
  it('When any of them reads, then an index serves it: none walks through a whole table.', async () => {
    const path = newPath();
    const prepare = jest.spyOn(DatabaseSync.prototype, 'prepare');
    await callEverything(path);
    const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))].filter(
      (sql) => !sql.startsWith('PRAGMA'),
    );
    prepare.mockRestore();
    expect(statements.length).toBeGreaterThan(40);
    onFile(path, (connection) => {
      for (const sql of statements)
        expect({ sql, walks: walks(connection, sql) }).toEqual({ sql, walks: [] });
    });
  });
});

/** Steps of the plan that read a stored table from end to end. */
function walks(connection: DatabaseSync, sql: string): string[] {
  const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
  const tables =
    /^SCAN (images|image_tags|outbox|uploads|batches|deliveries|folders|leases|spending|stamps|webhooks|webhook_deliveries|imports|import_rows)(?! USING (COVERING )?INDEX (outbox_by_age|batches_without_email|deliveries_running|webhook_deliveries_(due|leased)|imports_(receiving|running|to_finish)))/;
  return plan.map(({ detail }) => detail).filter((detail) => tables.test(detail));
}

async function callEverything(path: string): Promise<void> {
  const catalog = createSqliteCatalog({ path });
  const now = new Date();
  const event = outboxEntry();
  const ownerId = 'owner';
  const { image } = await catalog.acceptImage(newImage({ ownerId }), event);
  const claim = { imageId: image.id, stage: 'extract' as const, epoch: 1 };
  await catalog.openUpload({ imageId: 'x', ownerId, expiresAt: now });
  await catalog.expiredUploads(now, 1);
  await catalog.claimStage({ ...claim, ownerId, owner: 'w', now, leaseMs: 1 });
  await catalog.failStage(claim, { now, failure: { code: 'X', detail: 'x' }, event: outboxEntry() });
  await catalog.stuckStages({ now, idleSince: now, queued: [], queuedSince: now, limit: 1 });
  await catalog.requeueStage({ ...claim, now, event });
  for (const idempotencyKey of [null, 'key']) await catalog.openBatch(newBatch({ idempotencyKey }));
  await catalog.getBatch(ownerId, 'x');
  await catalog.sealBatch('x');
  await catalog.settleBatch('x', now, event);
  await catalog.unfinishedBatches(now, 1);
  await catalog.batchesWithoutDelivery({ now, idleSince: now, limit: 1 });
  await catalog.requeueBatchCompleted('x', now, event);
  await catalog.claimDelivery({ key: 'k', owner: 'w', now, leaseMs: 1 });
  const delivery = { key: 'k', epoch: 2 };
  await catalog.completeDelivery(delivery, now);
  await catalog.releaseDelivery(delivery, null);
  await catalog.failDelivery(delivery, { code: 'X', detail: 'x' });
  const webhook = { id: 'w', ownerId, url: 'u', secret: 's', createdAt: now, disabledAt: null };
  await catalog.addWebhook(webhook, 1);
  await catalog.listWebhooks(ownerId);
  await catalog.getWebhook(ownerId, 'w');
  await catalog.switchWebhook(ownerId, 'w', now);
  const call = {
    ...{ key: 'w:b', id: 'm', ownerId, endpointId: 'w', url: 'u' },
    batchId: 'b',
    createdAt: now,
  };
  await catalog.addWebhookDelivery({ ...call, dueAt: now });
  await catalog.claimWebhookDelivery({ owner: 'w', now, leaseMs: 1 });
  const outcome = { status: 'sent' as const, dueAt: now, settledAt: now, lastStatus: 200, error: null };
  await catalog.settleWebhookDelivery({ key: 'w:b', epoch: 1 }, outcome);
  for (const endpointId of ['w', null])
    await catalog.listWebhookDeliveries({ ownerId, endpointId, limit: 1 });
  await catalog.oldestWebhookDueAt();
  await catalog.forgetWebhookDeliveries(now);
  await catalog.removeWebhook(ownerId, 'w', now);
  const request = { ...{ id: 'i', ownerId, ownerEmail: 'e', filename: 'f', folder: null }, requestId: null };
  const quota = { images: null, bytes: null };
  await catalog.openImport({ ...request, quota, createdAt: now, expiresAt: now });
  const row = { ...{ importId: 'i', row: 2, serialNumber: '', productName: '' }, urls: [], errors: [] };
  await catalog.addImportRows([{ ...row, status: 'pending', dueAt: now }]);
  await catalog.expiredImports(now, 1);
  await catalog.startImport('i', outboxEntry());
  await catalog.runningImports(1);
  await catalog.claimImportRow({ importId: 'i', owner: 'w', now, leaseMs: 1 });
  const held = { importId: 'i', row: 2, epoch: 1 };
  await catalog.renewImportRow(held, now);
  await catalog.settleImportRow(held, { urls: [], status: 'done', dueAt: now });
  await catalog.changeImport({ ownerId, importId: 'i', to: 'paused', event: null });
  await catalog.finishImport('i', now);
  await catalog.cancelledImports(1);
  for (const failed of [false, true])
    await catalog.listImportRows({ ownerId, importId: 'i', after: 0, limit: 1, failed });
  for (const cursor of [undefined, Buffer.from('["-createdAt","2026","x"]').toString('base64url')])
    await catalog.listImports({ ownerId, limit: 1, ...(cursor && { cursor }) });
  await catalog.openImport({ ...request, quota, id: 'dead', createdAt: now, expiresAt: now });
  await catalog.dropImport('dead');
  await catalog.dueOutbox(1);
  await catalog.oldestOutboxEntryAt();
  await catalog.markPublished(event);
  await catalog.findImages(['x']);
  const word = { ownerId, imageId: image.id, by: 'ada', now, event: () => null };
  await catalog.correctImage({ ...word, correction: { kind: 'correct', folder: 'A', placedName: 'a.jpg' } });
  await catalog.correctImage({ ...word, correction: { kind: 'undo', placedName: 'a.jpg' } });
  await catalog.correctImage({ ...word, correction: { kind: 'trash' } });
  for (const cursor of [undefined, Buffer.from('["-deletedAt","2026","x"]').toString('base64url')])
    await catalog.listImages({
      ownerId,
      trashed: true,
      sort: '-deletedAt',
      limit: 1,
      ...(cursor && { cursor }),
    });
  await catalog.recentCorrections(ownerId, 1);
  await catalog.moveFolder({ ownerId, from: 'A', to: 'B', now });
  await catalog.describeFolder({ ownerId, path: 'B', description: '' });
  await catalog.removeFolder(ownerId, 'B');
  for (const cursor of [undefined, Buffer.from('["uploadedAt","2026","x"]').toString('base64url')])
    await catalog.listReview({ ownerId, limit: 1, ...(cursor && { cursor }) });
  await catalog.countReview(ownerId, 1);
  const stamp = { text: 'x', asksModel: false };
  await catalog.recordStamp('extract', stamp);
  const staleBy = {
    extract: stamp,
    classify: await catalog.stamps().then(({ classify = stamp }) => classify),
  };
  for (const query of [{ ownerId }, { ownerId, folder: 'A', batchId: 'b', staleBy }]) {
    await catalog.listReprocessable({ ...query, limit: 1 });
    await catalog.countReprocessable(query);
  }
  await catalog.expiredTrash(now, 1);
  await catalog.purgeImage(image.id, now);
  await catalog.stats(ownerId);
  await catalog.ensureFolder({
    ownerId,
    path: 'A',
    description: '',
    commonWords: [],
    createdBy: 'user',
    now,
  });
  await catalog.refreshFolder(ownerId, 'A');
  await catalog.listFolders(ownerId);
  await catalog.freeFilename({ ownerId, folder: 'A', filename: 'a.jpg', imageId: 'x' });
  await catalog.holdLease({ name: 'n', holder: 'h', now, ttlMs: 1 });
  await catalog.releaseAllLeases();
  await catalog.addSpending({ account: 'a', period: 'p', amount: 1, now });
  await catalog.spentOf('a', 'p');
  const filters = [
    {},
    { q: 'word' },
    { folder: 'A' },
    { tag: 't' },
    { status: 'queued' as const },
    { batchId: 'b' },
    { from: now, to: now },
    { format: 'png' },
  ];
  for (const filter of filters) {
    for (const sort of ['-uploadedAt', 'uploadedAt', 'filename', '-filename', 'size', '-size'] as const) {
      await catalog.listImages({ ownerId, sort, limit: 1, ...filter });
    }
  }
  await catalog.close();
}
