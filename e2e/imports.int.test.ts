import { randomUUID } from 'node:crypto';
import { startImageServer, type ImageServer } from '../importer/test/support/image-server.ts';
import { recordImport } from '../importer/test/support/record-import.ts';
import { until } from './support/client.ts';
import { startCluster, type Cluster } from './support/cluster.ts';
import { serversNamed } from './support/servers.ts';

const owner = { ownerId: randomUUID(), ownerEmail: 'anna@example.com' };
const rows = 100;
const urlsPerRow = 2;

/** Importers in processes of their own; the organizer is there to sweep, nobody to work on the images. */
(serversNamed ? describe : describe.skip)('imports on the production adapters', () => {
  let images: ImageServer;
  let cluster: Cluster;
  beforeAll(async () => {
    images = await startImageServer();
    cluster = await startCluster({
      env: {
        FETCH_ALLOWED_NETWORKS: '127.0.0.0/8',
        FETCH_PORTS: String(images.port),
        IMPORT_POLL_SECONDS: '1',
      },
      replicas: { importer: 2, ocr: 0, classifier: 0, notification: 0, gateway: 0 },
    });
  }, 120_000);
  afterAll(async () => {
    await cluster.stop();
    await images.close();
  }, 60_000);

  it('When one of two importers is killed, then each of 200 URLs becomes exactly one image all the same', async () => {
    const { catalog, blobs } = cluster;
    const pathsOf = (row: number) => Array.from({ length: urlsPerRow }, (_, index) => `/${row}/${index}.png`);
    const urls = Array.from({ length: rows }, (_, row) => pathsOf(row).map((path) => images.url + path));
    const id = await recordImport(catalog, owner, urls);
    await until(
      async () => images.asked.length,
      (asked) => asked > 50,
    );
    await cluster.one('importer').kill();
    await cluster.start('importer');
    await until(
      () => catalog.getImport(owner.ownerId, id),
      (found) => found?.status === 'completed',
    );

    const settled = await catalog.listImportRows({
      ownerId: owner.ownerId,
      importId: id,
      after: 0,
      limit: 1_000,
    });
    const imageIds = settled.flatMap(({ urls }) => urls.map(({ imageId }) => imageId!));
    expect(new Set(imageIds).size).toBe(rows * urlsPerRow);
    expect((await catalog.findImages(imageIds)).map(({ batchId }) => batchId)).toEqual(
      imageIds.map(() => id),
    );
    expect(await catalog.getBatch(owner.ownerId, id)).toMatchObject({
      status: 'open',
      total: rows * urlsPerRow,
    });
    // What the killed process had begun to store goes too.
    await until(
      async () => (await blobs.list({ limit: 1_000 })).map(({ id }) => id),
      (stored) => stored.length === imageIds.length,
    );
    expect((await blobs.list({ limit: 1_000 })).map(({ id }) => id).sort()).toEqual(imageIds.sort());
  }, 300_000);
});
