import { randomUUID } from 'node:crypto';
import type { Change } from '@image-organizer/adapters/catalog/changes';
import type { BatchRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import { accepted } from '@image-organizer/adapters/catalog/stage-changes';
import { newImage } from '@image-organizer/testing/builders';
import { followChanges, type ChangeSource } from '../src/domain/live-changes.ts';

const ownerId = randomUUID();
const batchId = randomUUID();
const start = new Date('2026-11-21T09:00:00.000Z').getTime();

/** A catalogue in which changes are dated as a test says. */
function aSource() {
  const changes = new Map<string, Change>();
  const images = new Map<string, ImageRecord>();
  let now = start;
  let fails = false;
  const catalog: ChangeSource['catalog'] = {
    async listChanges({ since, limit }) {
      return [...changes.values()]
        .filter(({ changedAt }) => changedAt >= since)
        .sort((a, b) => a.changedAt.getTime() - b.changedAt.getTime())
        .slice(0, limit);
    },
    async findImages(ids) {
      if (fails) throw new Error('away');
      return ids.flatMap((id) => images.get(id) ?? []);
    },
    getBatch: async (_owner, id) =>
      ({ id, status: 'open', total: 1, organized: 0, failed: 0 }) as BatchRecord,
  };
  const change = (changedAt: number, id: string = randomUUID(), owner = ownerId) => {
    images.set(id, accepted(newImage({ id, ownerId: owner, batchId }), null));
    changes.set(id, { kind: 'image', id, changedAt: new Date(changedAt) });
    return id;
  };
  return {
    change,
    purge: (id: string) => images.delete(id),
    passes: (ms: number) => (now += ms),
    fail: (does: boolean) => (fails = does),
    follow: (from = now) =>
      followChanges({ catalog, clock: { now: () => new Date(now) } }, ownerId, new Date(from)),
  };
}

/** The ids that one look tells of, images' alone. */
async function told(changes: ReturnType<typeof followChanges>): Promise<string[]> {
  const ids = [];
  for await (const { events } of changes.read())
    for (const { event, data } of events) if (event === 'image') ids.push(data.id);
  return ids;
}

describe('followChanges', () => {
  it('When a change arrives that is dated before what was told, then it is told too, and nothing else again', async () => {
    const source = aSource();
    const changes = source.follow();
    const first = source.change(start + 5_000);
    source.passes(6_000);
    expect(await told(changes)).toEqual([first]);
    const late = source.change(start - 3_000);
    expect(await told(changes)).toEqual([late]);
    expect(await told(changes)).toEqual([]);
  });

  it('When an image changes again, then it is told again, and a batch with its images', async () => {
    const source = aSource();
    const changes = source.follow();
    const id = source.change(start);
    expect(await told(changes)).toEqual([id]);
    source.change(start + 1, id);
    const events = [];
    for await (const page of changes.read()) events.push(...page.events);
    expect(events.map(({ data }) => 'id' in data && data.id)).toEqual([id, batchId]);
  });

  it('When the catalogue fails between a look and what it shows, then the next look tells all of it', async () => {
    const source = aSource();
    const changes = source.follow();
    const ids = [source.change(start + 1), source.change(start + 2)];
    source.fail(true);
    await expect(told(changes)).rejects.toThrow('away');
    source.fail(false);
    source.passes(60_000);
    expect(await told(changes)).toEqual(ids);
  });

  it.each([
    ['one after the other', 250, 1],
    ['three in a millisecond, so that pages end within one', 250, 1 / 3],
    ['in one millisecond, fewer than a page', 90, 0],
  ])(
    'When images changed %s, then each is told once, those that changed first first',
    async (_, count, stepMs) => {
      const source = aSource();
      const changes = source.follow();
      const ids = Array.from({ length: count }, (_each, n) => source.change(start + Math.floor(n * stepMs)));
      expect(await told(changes)).toEqual(ids);
      expect(await told(changes)).toEqual([]);
    },
  );

  it('When a client goes on from any point of what it was told, then nothing is missing', async () => {
    const source = aSource();
    const ids = Array.from({ length: 250 }, (_, n) => source.change(start + n * 100));
    source.passes(30_000);
    const pages = [];
    for await (const { events, until } of source.follow(start).read()) pages.push({ events, until });
    expect(pages.length).toBeGreaterThan(1);
    for (const [index, { until }] of pages.entries()) {
      const before = pages.slice(0, index + 1).flatMap(({ events }) => events);
      const known = before.flatMap(({ event, data }) => (event === 'image' ? [data.id] : []));
      const rest = await told(source.follow(until.getTime()));
      expect(new Set([...known, ...rest])).toEqual(new Set(ids));
    }
  });

  it('When it was quiet for long, then it is gone on from now and not from the last change', async () => {
    const source = aSource();
    const changes = source.follow();
    source.change(start);
    await told(changes);
    source.passes(3_600_000);
    await told(changes);
    expect(changes.until()).toEqual(new Date(start + 3_600_000));
  });

  it('When an image is gone or somebody else’s by now, then it is left out', async () => {
    const source = aSource();
    const changes = source.follow();
    source.purge(source.change(start + 1));
    source.change(start + 2, randomUUID(), randomUUID());
    const left = source.change(start + 3);
    expect(await told(changes)).toEqual([left]);
  });

  it('When what is there is skipped, then what comes later is told, even if it is dated earlier', async () => {
    const source = aSource();
    source.change(start - 1_000);
    const changes = source.follow();
    await changes.skip();
    expect(await told(changes)).toEqual([]);
    const late = source.change(start - 2_000);
    expect(await told(changes)).toEqual([late]);
  });
});
