import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { acceptFile } from '@image-organizer/pipeline/intake/accept-file';
import { crashHook, type CrashHook } from '@image-organizer/platform/crash-point';
import { newImage } from '@image-organizer/testing/builders';
import { until } from '@image-organizer/testing/until';
import { startWebServer } from '@image-organizer/testing/web-server';
import type { ImporterConfig } from '../src/config.ts';
import { pngOf, startImageServer, type ImageServer } from './support/image-server.ts';
import { prepareImporter } from './support/prepare-importer.ts';

type Importer = Awaited<ReturnType<typeof prepareImporter>>;

let images: ImageServer;
let importer: Importer;
beforeEach(async () => {
  images = await startImageServer();
});
afterEach(async () => {
  await importer.stop();
  await images.close();
});

async function prepare(config: Partial<ImporterConfig> = {}): Promise<void> {
  const fetch = { allowedNetworks: ['127.0.0.0/8'], ports: [images.port] };
  importer = await prepareImporter({ fetch, ...config });
}
async function start(config: Partial<ImporterConfig> = {}): Promise<void> {
  await prepare(config);
  await importer.service.start();
}
const at = (path: string) => `${images.url}${path}`;
const errorsOf = async (importId: string) =>
  (await importer.rowsOf(importId)).map(({ urls }) => urls.map(({ error }) => error?.code ?? null));

describe('importer', () => {
  it('When a CSV was read, then each URL becomes one image of its batch, in the folder it asked for', async () => {
    await start();
    const id = await importer.record([[at('/a%20b.png'), at('/c.png?size=1')], [at('/')]]);
    await importer.finished(id);
    const rows = await importer.rowsOf(id);
    expect(rows.map(({ status }) => status)).toEqual(['done', 'done']);
    const found = await importer.imagesOf(id);
    expect(found.map(({ filename }) => filename)).toEqual(['a b.png', 'c.png', 'image']);
    expect(found.map(({ id }) => id).sort()).toEqual(
      rows.flatMap(({ urls }) => urls.map(({ imageId }) => imageId)).sort(),
    );
    expect(found[0]).toMatchObject({
      ...importer.owner,
      ...{ lane: 'bulk', requestedFolder: 'Products', contentType: 'image/png', requestId: 'request-1' },
    });
    expect(await buffer(await importer.blobs.open(found[0]!.id))).toEqual(pngOf('/a%20b.png'));
    expect(await importer.importOf(id)).toMatchObject({ status: 'completed', rows: { total: 2, done: 2 } });
    expect((await importer.batchOf(id)).status).toBe('open'); // until the pipeline is done with its images
  });

  it('When the quota has no room for an image, then its URL says so, and no URL is fetched in vain once it is full', async () => {
    await prepare({ concurrency: 1, perHost: 1 });
    const id = await importer.record([[at('/a.png')], [at('/b.png')], [at('/c.png')]], {
      ...{ images: 2, bytes: pngOf('/a.png').length + 1 },
    });
    await importer.service.start();
    await importer.finished(id);
    expect(await errorsOf(id)).toEqual([[null], ['QUOTA_EXCEEDED'], ['QUOTA_EXCEEDED']]);
    const detail = (await importer.rowsOf(id))[1]!.urls[0]!.error!.detail;
    expect(detail).toMatch(/^Your quota is \d+ bytes, and you have \d+; the file has \d+\./);
    expect(await importer.blobIds()).toHaveLength(1);
    const full = await importer.record([[at('/never.png')]], { images: 1, bytes: null });
    await importer.finished(full);
    expect(await errorsOf(full)).toEqual([['QUOTA_EXCEEDED']]);
    expect(images.asked).not.toContain('/never.png');
  });

  it('When one URL stands twice in a row and again in another, then each place has an image', async () => {
    await start();
    const id = await importer.record([[at('/a.png'), at('/a.png')], [at('/a.png')]]);
    await importer.finished(id);
    expect(await importer.imagesOf(id)).toHaveLength(3);
  });

  it('When a URL redirects, then the image is what it leads to', async () => {
    images.on('/old.png', (_, response) => void response.writeHead(301, { location: '/new.png' }).end());
    await start();
    const id = await importer.record([[at('/old.png')]]);
    await importer.finished(id);
    const [image] = await importer.imagesOf(id);
    expect(image).toMatchObject({ filename: 'old.png' });
    expect(await buffer(await importer.blobs.open(image!.id))).toEqual(pngOf('/new.png'));
  });

  describe('URLs that give no image', () => {
    const answered: [string, string, Parameters<ImageServer['on']>[1]][] = [
      ['is not there', 'HTTP_404', (_, response) => void response.writeHead(404).end(pngOf('x'))],
      ['is gone', 'HTTP_410', (_, response) => void response.writeHead(410).end()],
      ['is forbidden', 'HTTP_403', (_, response) => void response.writeHead(403).end()],
      ['is a page', 'UNSUPPORTED_IMAGE', (_, response) => void response.end('<html>Log in</html>')],
      ['is garbage', 'UNSUPPORTED_IMAGE', (_, response) => void response.end(Buffer.alloc(600, 7))],
      ['is empty', 'EMPTY_FILE', (_, response) => void response.end()],
      [
        'is too large',
        'RESPONSE_TOO_LARGE',
        (_, response) => void response.end(Buffer.concat([pngOf('x'), Buffer.alloc(10_000)])),
      ],
      [
        'redirects for ever',
        'TOO_MANY_REDIRECTS',
        (_, response) => void response.writeHead(302, { location: '/x' }).end(),
      ],
      [
        'redirects inside',
        'ADDRESS_FORBIDDEN',
        (_, response) => void response.writeHead(302, { location: 'http://10.0.0.1:1/' }).end(),
      ],
      ['redirects nowhere', 'HTTP_302', (_, response) => void response.writeHead(302).end()],
    ];
    it.each(answered)('When what is there %s, then it fails at once with %s', async (_case, code, answer) => {
      images.on('/x', answer);
      await start({ fetch: { allowedNetworks: ['127.0.0.0/8'], ports: [images.port, 1] } });
      const id = await importer.record([[at('/x')]]);
      await importer.finished(id);
      expect(await importer.rowsOf(id)).toMatchObject([{ status: 'failed', attempts: 1 }]);
      expect(await errorsOf(id)).toEqual([[code]]);
      expect(await importer.blobIds()).toEqual([]);
    });

    it.each([
      ['http://10.0.0.1/a.png', 'ADDRESS_FORBIDDEN'],
      ['http://user:password@127.0.0.1/a.png', 'URL_FORBIDDEN'],
      ['http://127.0.0.1:22/a.png', 'URL_FORBIDDEN'],
    ])('When the URL is %s, then nobody is asked', async (url, code) => {
      await start({ fetch: { allowedNetworks: ['127.0.0.0/8'], ports: [80] } });
      const id = await importer.record([[url]]);
      await importer.finished(id);
      expect(await errorsOf(id)).toEqual([[code]]);
    });

    it('When no URL gave an image, then the batch is completed, with its event, once', async () => {
      images.on('/x', (_, response) => void response.writeHead(404).end());
      await start();
      const id = await importer.record([[at('/x')], [at('/x')]]);
      await until(async () => (await importer.batchOf(id)).status === 'completed');
      const events = await importer.catalog.dueOutbox(10);
      expect(events.filter(({ event }) => event === 'batch.completed')).toHaveLength(1);
    });

    it('When one URL of a row fails, then the others are images and the row says which failed', async () => {
      images.on('/x', (_, response) => void response.writeHead(404).end());
      await start();
      const id = await importer.record([[at('/x'), at('/a.png')]]);
      await importer.finished(id);
      expect(await importer.rowsOf(id)).toMatchObject([
        { status: 'done', urls: [{ status: 'failed' }, { status: 'fetched' }] },
      ]);
    });
  });

  describe('what passes', () => {
    it('When a server fails, then it is asked again later, and only for what failed', async () => {
      let failures = 2;
      images.on('/b.png', (_, response) => (failures-- > 0 ? void response.writeHead(503).end() : false));
      await start();
      const id = await importer.record([[at('/a.png'), at('/b.png')]]);
      for (const attempt of [1, 2]) {
        await until(async () => {
          const [row] = await importer.rowsOf(id);
          return row!.status === 'pending' && row!.attempts === attempt;
        });
        expect(await errorsOf(id)).toEqual([[null, 'HTTP_503']]);
        importer.advance(attempt * 1_000);
      }
      await importer.finished(id);
      expect(images.asked).toEqual(['/a.png', '/b.png', '/b.png', '/b.png']);
      expect(await errorsOf(id)).toEqual([[null, null]]);
    });

    it.each([
      ['seconds', () => '60'],
      ['a date', () => new Date(importer.clock.now().getTime() + 60_500).toUTCString()],
    ])(
      'When the server says in %s when to come back, then it is asked again then',
      async (_case, retryAfter) => {
        let asked = 0;
        images.on('/a.png', (_, response) =>
          asked++ === 0 ? void response.writeHead(429, { 'retry-after': retryAfter() }).end() : false,
        );
        await start();
        const before = importer.clock.now().getTime();
        const id = await importer.record([[at('/a.png')]]);
        await until(async () => (await importer.rowsOf(id))[0]!.status === 'pending' && asked === 1);
        const [row] = await importer.rowsOf(id);
        expect(row!.dueAt.getTime() - before).toBeGreaterThanOrEqual(59_000);
        importer.advance(62_000);
        await importer.finished(id);
        expect(asked).toBe(2);
      },
    );

    it('When it fails five times, then it has failed', async () => {
      images.on('/a.png', (request) => void request.socket.destroy());
      await start();
      const id = await importer.record([[at('/a.png')]]);
      await until(async () => {
        const [row] = await importer.rowsOf(id);
        if (row!.status === 'pending') importer.advance(1_000); // while it runs, its lease would end
        return (await importer.importOf(id)).completedAt !== null;
      });
      expect(await importer.rowsOf(id)).toMatchObject([{ status: 'failed', attempts: 5 }]);
      expect(await errorsOf(id)).toEqual([['FETCH_FAILED']]);
      expect(images.asked).toHaveLength(5);
    });
  });

  describe('how much at once', () => {
    it('When many URLs are of one host, then it is asked a few at once and other hosts do not wait', async () => {
      const other = await startWebServer((_, response) => response.end(pngOf('other')));
      await start({
        ...{ perHost: 2, concurrency: 4 },
        fetch: { allowedNetworks: ['127.0.0.0/8'], ports: [images.port, other.port] },
      });
      const release = images.hold();
      const rows = Array.from({ length: 3 }, (_, index) => [at(`/${index}.png`)]);
      const id = await importer.record([...rows, [`${other.url}/a.png`], ...rows]);
      await until(async () => images.asked.length === 2 && (await importer.rowsOf(id))[3]!.status === 'done');
      release();
      await importer.finished(id);
      expect(images.mostAtOnce).toBe(2);
      expect(await importer.imagesOf(id)).toHaveLength(7);
      await other.close();
    });

    it('When two imports run, then they take turns', async () => {
      await start({ concurrency: 1 });
      const release = images.hold();
      const paths = ['/1', '/2', '/3'];
      const first = await importer.record(paths.map((path) => [at(`/first${path}`)]));
      const second = await importer.record(paths.map((path) => [at(`/second${path}`)]));
      await until(() => images.asked.length === 1);
      release();
      await Promise.all([importer.finished(first), importer.finished(second)]);
      const order = images.asked.map((path) => path.split('/')[1]);
      expect(order.slice(0, 4).filter((name) => name === 'second').length).toBeGreaterThan(0);
      expect(images.asked).toHaveLength(6);
    });
  });

  describe('pause and cancel', () => {
    /** Two rows are being fetched, two wait. */
    async function startHeld() {
      await start({ concurrency: 2 });
      const release = images.hold();
      const id = await importer.record(['/1', '/2', '/3', '/4'].map((path) => [at(path)]));
      await until(() => images.asked.length === 2);
      const change = (to: 'running' | 'paused' | 'cancelled') =>
        importer.catalog.changeImport({ ownerId: importer.owner.ownerId, importId: id, to, event: null });
      return { id, release, change };
    }
    const statuses = async (id: string) => (await importer.rowsOf(id)).map(({ status }) => status);

    it('When an import is paused, then rows in flight end and no others begin until it goes on', async () => {
      const { id, release, change } = await startHeld();
      await change('paused');
      release();
      await until(async () => (await statuses(id)).filter((status) => status === 'done').length === 2);
      const other = await importer.record([[at('/other')]]);
      await importer.finished(other); // it has looked around meanwhile
      expect(await statuses(id)).toEqual(['done', 'done', 'pending', 'pending']);
      expect((await importer.importOf(id)).completedAt).toBeNull();
      await change('running');
      await importer.finished(id);
      expect(await importer.imagesOf(id)).toHaveLength(4);
    });

    it('When an import is cancelled, then rows in flight end, its batch does too, and the rest stays', async () => {
      const { id, release, change } = await startHeld();
      await change('cancelled');
      expect((await importer.importOf(id)).completedAt).toBeNull();
      release();
      await importer.finished(id);
      expect(await statuses(id)).toEqual(['done', 'done', 'pending', 'pending']);
      expect(await importer.importOf(id)).toMatchObject({ status: 'cancelled' });
      await until(async () => (await importer.batchOf(id)).status === 'open');
    });
  });

  describe('processes that end', () => {
    it('When the service stops, then the URL in flight is finished and the row is given back', async () => {
      await start();
      const release = images.hold();
      const id = await importer.record([[at('/1'), at('/2')]]);
      await until(() => images.asked.length === 1);
      const stopped = importer.service.stop();
      release();
      await stopped;
      expect(await importer.rowsOf(id)).toMatchObject([
        { status: 'pending', urls: [{ status: 'fetched' }, { status: 'pending' }] },
      ]);
    });

    it('When another process died after it had stored and accepted an image, then there is one image', async () => {
      await prepare();
      const id = await importer.record([[at('/a.png')]]);
      const dead = { importId: id, owner: 'dead', now: importer.clock.now(), leaseMs: 1 };
      expect(await importer.catalog.claimImportRow(dead)).toBeDefined();
      const { size, sha256 } = newImage();
      const stored = { imageId: 'dead-image', filename: 'a.png', contentType: 'image/png', size, sha256 };
      await importer.blobs.put('dead-image', Readable.from([pngOf('/a.png')]));
      await acceptFile(importer, stored, {
        ...importer.owner,
        ...{ batchId: id, lane: 'bulk', requestId: null, requestedFolder: null },
        idempotencyKey: `import:${id}/2/0`,
      });
      importer.advance(1_000);
      await importer.service.start();
      await importer.finished(id);
      expect(await importer.rowsOf(id)).toMatchObject([
        { status: 'done', urls: [{ imageId: 'dead-image' }] },
      ]);
      expect(await importer.imagesOf(id)).toHaveLength(1);
      expect(await importer.blobIds()).toEqual(['dead-image']);
    });

    it('When the lease is lost while it fetches, then what it made is thrown away', async () => {
      await start();
      const release = images.hold();
      const id = await importer.record([[at('/a.png')]]);
      await until(() => images.asked.length === 1);
      importer.advance(1_000); // past the lease, before it is renewed
      const claim = { importId: id, owner: 'other', now: importer.clock.now(), leaseMs: 60_000 };
      expect(await importer.catalog.claimImportRow(claim)).toBeDefined();
      release();
      await importer.service.stop();
      expect(await importer.rowsOf(id)).toMatchObject([{ status: 'running', urls: [{ status: 'pending' }] }]);
    });

    it.each([
      'import:row-claimed',
      'upload:intent-recorded',
      'upload:bytes-stored',
      'upload:image-recorded',
      'import:row-fetched',
      'import:row-settled',
      'import:finished',
      'import:batch-sealed',
    ])(
      'When it breaks off at %s, then every URL is one image and the batch ends all the same',
      async (point) => {
        let left = 1;
        const hook: CrashHook = (name) => {
          if (name === point && left-- > 0) throw new Error(`broken off at ${name}`);
        };
        Object.assign(globalThis, { [crashHook]: hook });
        try {
          await start({ concurrency: 1 });
          const id = await importer.record([[at('/a.png')], [at('/b.png'), at('/c.png')]]);
          await until(async () => {
            importer.advance(500);
            return (await importer.importOf(id)).completedAt !== null;
          });
          await importer.sweeper.sweep();
          await until(async () => (await importer.batchOf(id)).status === 'open');
          expect(left).toBeLessThanOrEqual(0);
          expect((await importer.rowsOf(id)).map(({ status }) => status)).toEqual(['done', 'done']);
          const found = (await importer.imagesOf(id)).map(({ id }) => id).sort();
          expect(found).toHaveLength(3);
          expect((await importer.blobIds()).sort()).toEqual(found);
        } finally {
          Object.assign(globalThis, { [crashHook]: undefined });
        }
      },
    );
  });

  it('When URLs were fetched, retried and given up, then the metrics tell', async () => {
    images.on('/x', (_, response) => void response.writeHead(404).end());
    await start();
    const id = await importer.record([[at('/a.png'), at('/x')]]);
    await importer.finished(id);
    const text = await importer.metrics.metrics();
    const valueOf = (metric: string, outcome: string) =>
      new RegExp(`^${metric}{.*outcome="${outcome}".*} (\\d+)$`, 'm').exec(text)?.[1];
    expect(['fetched', 'failed', 'retried'].map((outcome) => valueOf('import_urls_total', outcome))).toEqual([
      '1',
      '1',
      '0',
    ]);
    expect(valueOf('import_fetch_seconds_count', 'fetched')).toBe('1');
    await until(async () =>
      (await importer.metrics.metrics()).includes('import_rows_pending{service="test"} 0'),
    );
  });
});
