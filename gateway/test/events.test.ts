import { randomUUID } from 'node:crypto';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { imageUploaded } from '@image-organizer/contracts/events/image-uploaded';
import { liveEvent } from '@image-organizer/contracts/http/live-event';
import { advance, failFirstStage } from '@image-organizer/testing/catalog-suite/harness';
import { until } from '@image-organizer/testing/until';
import { liveExample } from '../src/openapi/operations/event-operations.ts';
import { jpeg } from './support/files.ts';
import {
  anna,
  bob,
  startGateway,
  type GatewayTestOptions,
  type TestGateway,
} from './support/start-gateway.ts';
import { watchEvents, type Watch } from './support/watch-events.ts';

let gateway: TestGateway;
let watches: Watch[] = [];
afterEach(async () => {
  await Promise.all(watches.map((watch) => watch.close()));
  watches = [];
  await gateway.stop();
});

const begin = async (options: GatewayTestOptions = {}) => (gateway = await startGateway(options));

const watch = async ({
  owner = anna,
  token = gateway.auth.tokenOf(owner),
  ...options
}: { owner?: typeof anna; token?: string; lastEventId?: string | undefined; query?: string } = {}) => {
  const opened = await watchEvents(gateway.url, token, options);
  watches.push(opened);
  await opened.ready();
  return opened;
};

/** What the outbox relay does in another process. */
const hint = (owner = anna) =>
  gateway.bus.publish({
    id: randomUUID(),
    event: imageUploaded.name,
    lane: 'interactive',
    body: JSON.stringify({ data: { imageId: randomUUID(), ownerId: owner.id } }),
  });

const upload = async (owner = anna) => {
  const id = await gateway.uploaded(jpeg(), 'image.jpg', owner);
  return { id, ownerId: owner.id };
};
const organize = (image: { id: string; ownerId: string }) => advance(gateway.catalog, image, 'organize');

describe('GET /api/events', () => {
  it('When an image is uploaded and organised, then its owner is told, with the batch', async () => {
    await begin();
    const watching = await watch();
    expect(watching.events).toEqual([{ event: 'ready', data: {} }]);

    const image = await upload();
    await hint();
    await watching.told(image.id, { status: 'queued', folder: null, caption: null, deletedAt: null });
    const { batchId, caption, tags, placement } = await organize(image);
    await hint();
    await watching.told(batchId, { total: 1, organized: 1, failed: 0, status: 'open' });
    expect(watching.of(image.id).at(-1)).toEqual({
      ...{ id: image.id, batchId, filename: 'image.jpg', status: 'organized', caption, tags },
      ...{ folder: placement!.folder, needsReview: false, deletedAt: null },
    });
  });

  it('When an image fails, is moved and put into the trash, then each is told', async () => {
    await begin();
    const watching = await watch();
    const failing = await upload();
    await failFirstStage(gateway.catalog, failing);
    const image = await upload();
    await organize(image);
    await hint();
    await watching.told(failing.id, { status: 'failed' });
    await watching.told(image.id, { status: 'organized' });
    await gateway.patch(`/api/images/${image.id}`).send({ folder: 'Taxes', caption: 'Bill' }).expect(200);
    await hint();
    await watching.told(image.id, { folder: 'Taxes', caption: 'Bill' });
    await gateway.delete(`/api/images/${image.id}`).expect(204);
    await hint();
    await until(() =>
      watching.of(image.id).some((state) => 'deletedAt' in state && state.deletedAt !== null),
    );
  });

  it('When a client comes, then nothing from before is told', async () => {
    await begin();
    const before = await upload();
    const watching = await watch();
    const after = await upload();
    await hint();
    await watching.told(after.id);
    expect(watching.of(before.id)).toEqual([]);
  });

  it.each(['header', 'query'])(
    'When a client comes back with its last id in the %s, then it is told what it missed, each state once',
    async (way) => {
      await begin();
      const first = await watch();
      const image = await upload();
      await hint();
      await first.told(image.id, { status: 'queued' });
      await first.close();
      await organize(image);
      const another = await upload();

      const lastEventId = first.lastId()!;
      const second = await watch(
        way === 'header' ? { lastEventId } : { query: `?lastEventId=${lastEventId}` },
      );
      await second.told(another.id, { status: 'queued' });
      expect(second.events[0]).toEqual({ event: 'ready', data: {} });
      expect(second.of(image.id)).toMatchObject([{ status: 'organized' }]);
      expect(second.events).not.toContainEqual({ event: 'reset', data: {} });
    },
  );

  it('When somebody else’s images change, then nothing of it is told', async () => {
    await begin();
    const [ofAnna, ofBob] = [await watch(), await watch({ owner: bob })];
    const hers = await upload();
    const his = await upload(bob);
    await hint();
    await hint(bob);
    await Promise.all([ofAnna.told(hers.id), ofBob.told(his.id)]);
    expect([...ofAnna.of(his.id), ...ofBob.of(hers.id)]).toEqual([]);
    const batches = ofBob.events.filter(({ event }) => event === 'batch');
    expect(new Set(batches.map(({ data }) => 'id' in data && data.id)).size).toBe(1);
  });

  it('When hints are lost, then the stream finds the changes by itself', async () => {
    await begin({ livePollMs: 20 });
    const watching = await watch();
    const image = await upload();
    await watching.told(image.id, { status: 'queued' });
    await organize(image);
    await watching.told(image.id, { status: 'organized' });
  });

  it('When a message on the bus is none that it knows, then streams go on', async () => {
    await begin();
    const watching = await watch();
    await gateway.bus.publish({ id: 'x', event: imageUploaded.name, lane: 'bulk', body: 'no JSON' });
    const image = await upload();
    await hint();
    await watching.told(image.id);
  });

  const idOf = (ageMs: number) => `1.${(Date.now() - ageMs).toString(36)}`;
  it.each([
    ['garbage', 'ä€<script>'],
    ['of another kind', '2.abc'],
    ['a number', '17'],
    ['too old', idOf(25 * 3_600_000)],
    ['from the future', idOf(-3_600_000)],
  ])('When the last id is %s, then the client is told to load anew, and goes on from now', async (_, id) => {
    await begin();
    const before = await upload();
    const watching = await watch({ query: `?lastEventId=${encodeURIComponent(id)}` });
    await until(() => watching.events.length === 2);
    expect(watching.events.map(({ event }) => event)).toEqual(['ready', 'reset']);
    const after = await upload();
    await hint();
    await watching.told(after.id);
    expect(watching.of(before.id)).toEqual([]);
  });

  it('When an image changes faster than it is told, then the last state is told and not every one', async () => {
    await begin({ livePollMs: 20 });
    const image = await upload();
    await organize(image);
    const watching = await watch();
    for (let n = 0; n < 30; n += 1) {
      await gateway
        .patch(`/api/images/${image.id}`)
        .send({ caption: `caption ${n}` })
        .expect(200);
    }
    await watching.told(image.id, { caption: 'caption 29' });
    expect(watching.of(image.id).length).toBeLessThan(30);
  });

  it('When the token expires, then the stream ends, and with a new one nothing is missed', async () => {
    await begin({ livePollMs: 20 });
    const watching = await watch({ token: gateway.auth.tokenOf(anna, 2) });
    const image = await upload();
    await watching.told(image.id);
    await watching.ended;
    await organize(image);
    const again = await watch({ lastEventId: watching.lastId() });
    await again.told(image.id, { status: 'organized' });
  });

  it('When the server stops, then streams end at once and it does not wait for them', async () => {
    await begin();
    const watching = [await watch(), await watch({ owner: bob })];
    await gateway.stopServer();
    await Promise.all(watching.map(({ ended }) => ended));
  });

  it('When ten streams of an account are open, then another is refused until one is closed', async () => {
    await begin({ livePollMs: 20 });
    for (let n = 0; n < 10; n += 1) await watch();
    const { body, headers } = await gateway.get('/api/events').expect(429);
    expect(body.code).toBe('TOO_MANY_STREAMS');
    expect(headers['retry-after']).toBe('10');
    await watch({ owner: bob });
    expect(await gateway.metrics.metrics()).toContain('live_streams{service="gateway"} 11');
    await watches[0]!.close();
    await until(async () => (await gateway.metrics.metrics()).includes('live_streams{service="gateway"} 10'));
    await watch();
  });

  it('When the catalogue is away, then a new stream is refused; an open one waits and misses nothing', async () => {
    let isAway = false;
    const listChanges: (real: Catalog) => Catalog['listChanges'] = (real) => async (query) => {
      if (isAway) throw new Error('away');
      return real.listChanges(query);
    };
    await begin({ livePollMs: 20, catalog: (real) => ({ ...real, listChanges: listChanges(real) }) });
    const watching = await watch();
    isAway = true;
    const image = await upload();
    expect((await gateway.get('/api/events').expect(500)).body.code).toBe('INTERNAL_ERROR');
    isAway = false;
    await watching.told(image.id);
  });

  it('When it is asked what it is, then it is a stream that nobody buffers or keeps', async () => {
    await begin();
    const { headers } = await gateway.head('/api/events').expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect((await fetch(`${gateway.url}/api/events`)).status).toBe(401);
  });
});

it('gives an example of each event that is as the contract has it', async () => {
  await begin();
  expect(liveExample.map((event) => liveEvent.parse(event))).toEqual(liveExample);
});
