import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { session, type Session } from '@image-organizer/contracts/http/session';
import { readManifest } from '../scripts/backup/manifest.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { uploadWhile, type Upload } from './faults/support/load.ts';
import { serversAtHand } from './support/servers.ts';
import { until } from './support/client.ts';
import { inspectStores, nothingAmiss } from './support/oracle.ts';
import { makeDatabases, type Databases, type Target } from './support/own-databases.ts';
import { fileOf, ownSamples } from './support/samples.ts';
import { account } from './support/server-process.ts';

jest.setTimeout(300_000); // services start and stop, on a busy machine
const describeServers = serversAtHand ? describe : describe.skip;
const root = join(import.meta.dirname, '..');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const script = (name: 'backup' | 'restore', env: Target, ...args: string[]) =>
  promisify(execFile)(join(root, 'node_modules/.bin/node'), [join(root, 'scripts', `${name}.ts`), ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
/** What it says when it fails. */
const refusal = async (work: Promise<unknown>) =>
  (
    (await work.then(
      () => ({ stderr: 'it did not fail' }),
      (error: unknown) => error,
    )) as { stderr: string }
  ).stderr;

/** Names, counts, hashes and indexes. MySQL spells one schema in two ways: what it means shows when the services start. */
async function contentOf(directory: string) {
  const { mongo, mysql } = await readManifest(directory);
  return { mongo, mysql: mysql.map((table) => ({ ...table, schema: table.schema.split('`')[1] })) };
}

const post = async (url: string, path: string, init: RequestInit): Promise<Session> =>
  session.parse(await (await fetch(`${url}${path}`, { method: 'POST', ...init })).json());

describeServers('Backup and restore on real servers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'restore-'));
  const directory = (name: string) => join(folder, name);
  const samples = ['receipt-diner.jpg', 'photo-lake.jpg', 'letter-council.jpg', 'odd-1x1.png'];
  const files = ownSamples()
    .filter(({ file }) => samples.includes(file))
    .map(fileOf);
  const uploads: Upload[] = [];
  let original: Databases;
  let restored: Databases;
  let loggedIn: Session;
  let unfinished: string[];
  let beforeLiveBackup: string[];

  /** Uploads; stops in the middle of two images; backs up under load, and again when all is quiet. */
  async function fillAndBackUp(cluster: Cluster) {
    const client = await cluster.client();
    const gateway = cluster.one('gateway').url;
    const basic = Buffer.from(`${account.email}:${account.password}`).toString('base64');
    loggedIn = await post(gateway, '/login', { headers: { Authorization: `Basic ${basic}` } });
    const { batchId } = await client.upload(files);
    await client.completed(batchId);

    await cluster.one('classifier').kill();
    const read = await client.upload(files.slice(0, 1).map((file) => ({ ...file, name: 'read.jpg' })));
    await until(
      () => original.stores.catalog.findImages([read.images[0]!.id]),
      ([image]) => image?.stages.extract.status === 'done',
    );
    await cluster.one('ocr').kill();
    const unread = await client.upload(files.slice(2, 3).map((file) => ({ ...file, name: 'unread.jpg' })));
    unfinished = [read, unread].map(({ images }) => images[0]!.id);

    beforeLiveBackup = (await client.images()).map(({ id }) => id);
    await uploadWhile(cluster, uploads, { count: 10 }, () =>
      script('backup', original.env, directory('live')),
    );
    for (const service of ['gateway', 'organizer', 'notification', 'auth'] as const)
      await cluster.one(service).kill();
    await script('backup', original.env, directory('quiet'));
  }

  beforeAll(async () => {
    [original, restored] = [await makeDatabases(), await makeDatabases()];
    const cluster = await startCluster({ env: original.env });
    await fillAndBackUp(cluster).finally(() => cluster.stop());
  });
  afterAll(async () => {
    await Promise.all([original?.drop(), restored?.drop()]);
    rmSync(folder, { recursive: true });
  });

  it('When a backup is damaged or was not finished, then it is refused before anything is written', async () => {
    cpSync(directory('quiet'), directory('damaged'), { recursive: true });
    const [part] = (await readManifest(directory('quiet'))).mongo;
    writeFileSync(join(directory('damaged'), part!.file), 'not gzip');
    expect(await refusal(script('restore', restored.env, directory('damaged')))).toContain(part!.file);
    rmSync(join(directory('damaged'), 'manifest.json'));
    expect(await refusal(script('restore', restored.env, directory('damaged')))).toContain(
      'no manifest.json',
    );
    await script('backup', restored.env, directory('untouched'));
    expect(await contentOf(directory('untouched'))).toEqual({ mongo: [], mysql: [] });
  });

  it('When it is restored into empty databases, then every document, blob and account is the same, byte for byte', async () => {
    await script('restore', restored.env, directory('quiet'));
    await script('backup', restored.env, directory('again'));
    const content = await contentOf(directory('quiet'));
    expect(await contentOf(directory('again'))).toEqual(content);
    const counts = Object.fromEntries(
      [...content.mongo, ...content.mysql].map((part) => [part.name, part.count]),
    );
    const images = files.length + unfinished.length + 20;
    expect(counts).toMatchObject({ images, users: 1, signing_keys: 1 });
    expect(counts['images.blobs']).toBeGreaterThan(images);
  });

  it('When there is data in the target, then it is refused and nothing changes; a backup asks for an empty directory', async () => {
    expect(await refusal(script('restore', restored.env, directory('live')))).toContain('--force');
    expect(await refusal(script('backup', restored.env, directory('quiet')))).toContain('is not empty');
    await script('backup', restored.env, directory('unchanged'));
    expect(await contentOf(directory('unchanged'))).toEqual(await contentOf(directory('quiet')));
  });

  it('When services start on it, then unfinished images are finished, and passwords, tokens and downloads work', async () => {
    const cluster = await startCluster({ env: restored.env });
    try {
      const client = await cluster.client(); // the old password
      const gateway = cluster.one('gateway').url;
      const withToken = await fetch(`${gateway}/api/images`, {
        headers: { Authorization: `Bearer ${loggedIn.accessToken}` },
      });
      expect(withToken.status).toBe(200);
      const body = JSON.stringify({ refreshToken: loggedIn.refreshToken });
      await post(gateway, '/refresh', { headers: { 'Content-Type': 'application/json' }, body });

      const ids = (await client.images()).map(({ id }) => id);
      expect(ids).toEqual(
        expect.arrayContaining([...unfinished, ...uploads.flatMap(({ imageIds }) => imageIds!)]),
      );
      const found = await until(
        () => inspectStores(restored.stores, ids),
        ({ unsettled, outbox, openUploads, orphanBlobs }) =>
          unsettled.length + outbox + openUploads + orphanBlobs.length === 0,
      );
      expect(found).toMatchObject(nothingAmiss);
      expect(found.images.filter(({ status }) => status === 'failed')).toEqual([]);
      for (const { id, sha256: expected } of found.images) {
        const bytes = await (await client.fetch(`/api/images/${id}/original`)).bytes();
        expect(sha256(bytes)).toBe(expected);
      }
    } finally {
      await cluster.stop();
    }
  });

  it('When the backup was made under load, then all that was accepted before it is there, and no document names a blob that is not', async () => {
    await script('restore', restored.env, directory('live'), '--force');
    const found = await inspectStores(restored.stores, beforeLiveBackup);
    expect(found).toMatchObject({ missing: [], lostBlobs: [] });
    expect(found.unsettled.sort()).toEqual([...unfinished].sort());
  });
});
