import { randomUUID } from 'node:crypto';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import { messageOfEntry } from '@image-organizer/pipeline/outbox-entry';
import { stageTrigger } from '@image-organizer/pipeline/stage-trigger';
import { type Clock, systemClock } from '@image-organizer/platform/clock';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { extractResult } from '@image-organizer/testing/builders';
import { accept, advance, at } from '@image-organizer/testing/catalog-suite/harness';
import { type OpenAiServer, startOpenAiServer } from '@image-organizer/testing/openai-server';
import { until } from '@image-organizer/testing/until';
import { readClassifierConfig } from '../src/config.ts';
import { createClassifierService } from '../src/service.ts';
import { unclearText } from './llm-setup.ts';

const noBlobs = { open: async () => Promise.reject(new Error('no picture is needed where there is text')) };

interface Setup {
  /** Shared with other services: it stays open. */
  catalog?: Catalog;
  ownerId?: string;
  clock?: Clock;
  settings?: Record<string, string>;
}

/** The service on embedded adapters, asking the server. */
async function startService(server: OpenAiServer, { clock = systemClock, settings, ...shared }: Setup = {}) {
  const log = silentLog();
  const metrics = createMetrics({ service: 'test', process: false });
  const catalog = shared.catalog ?? createSqliteCatalog({ path: ':memory:' });
  const bus = createMemoryBus({ log, retryDelaysMs: [2, 2, 2] });
  const config = readClassifierConfig({
    OPENAI_BASE_URL: server.url,
    OPENAI_MODEL: 'small-model',
    ...settings,
  });
  const common = { catalog, bus, clock, log, metrics, instanceId: 'one', relayHint: () => {} };
  const service = createClassifierService({ ...common, config, blobs: noBlobs });
  await service.start();
  const { ownerId = randomUUID() } = shared;
  return {
    stats: async () => (await catalog.stats(ownerId)).llm,
    metrics: () => metrics.metrics(),
    /** An image that was read, through the service. */
    async classify(sha256: string, placed = false) {
      const accepted = await accept(catalog, { ownerId, sha256, uploadedAt: at(0) });
      const extract = extractResult({ text: unclearText });
      const image = await advance(catalog, accepted, 'extract', { results: { extract } });
      await bus.publish(messageOfEntry(stageTrigger(image, 'classify', at(1))));
      await bus.idle();
      if (placed) await advanceToPlace(image.id);
      return (await catalog.getImage(ownerId, image.id))!;
    },
    async stop() {
      await service.stop();
      await bus.close();
      if (!shared.catalog) await catalog.close();
    },
  };

  async function advanceToPlace(imageId: string) {
    const claim = await catalog.claimStage({
      ownerId,
      imageId,
      stage: 'organize',
      owner: 'one',
      now: at(2),
      leaseMs: 1_000,
    });
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    const { filename, toDir, caption: _, tags: __, ...decision } = claim.image.decision!;
    const placement = { ...decision, filename, folder: toDir, by: 'user' as const, needsReview: false };
    const held = { imageId, stage: 'organize' as const, epoch: claim.epoch };
    await catalog.completeStage(held, { result: { placement }, durationMs: 1, now: at(2), event: null });
  }
}

describe('the service with a language model', () => {
  it('When the model asks for a pause, then the image is tried again later and no attempt is spent', async () => {
    const server = await startOpenAiServer();
    const service = await startService(server);
    const busy = { kind: 'status', status: 429, headers: { 'retry-after-ms': '20' } } as const;
    server.next(busy, busy, busy, busy, busy, busy);
    const image = await service.classify('a'.repeat(64));
    expect(image.stages.classify).toMatchObject({ status: 'done', attempts: 1 });
    expect(image.decision!.model).toBe('small-model');
    expect(server.requests).toHaveLength(7);
    await service.stop();
    await server.close();
  });

  it('When the same bytes were placed before, then nobody is asked, and the saving and the cost are in the numbers', async () => {
    const server = await startOpenAiServer();
    const service = await startService(server);
    await service.classify('b'.repeat(64), true);
    const twin = await service.classify('b'.repeat(64));
    expect(twin.decision!.reason).toMatch(/the same picture/);
    expect(server.requests).toHaveLength(1);
    expect(await service.stats()).toMatchObject({ calls: 1, promptTokens: 800, callsAvoided: 1 });
    expect(await service.metrics()).toMatch(/llm_calls_avoided_total\{.*reason="twin".*\} 1/);
    await service.stop();
    await server.close();
  });
});

describe('two services on one catalogue', () => {
  async function startTwo(settings: Record<string, string>) {
    const server = await startOpenAiServer();
    const catalog = createSqliteCatalog({ path: ':memory:' });
    let now = Date.parse('2026-11-21T10:24:30.000Z');
    const setup = { catalog, settings, ownerId: randomUUID(), clock: { now: () => new Date(now) } };
    const [one, other] = [await startService(server, setup), await startService(server, setup)];
    return {
      ...{ server, one, other },
      advance: (ms: number) => void (now += ms),
      async [Symbol.asyncDispose]() {
        await Promise.all([one.stop(), other.stop()]);
        await catalog.close();
        await server.close();
      },
    };
  }

  it('When one spends of an owner’s tokens of the day, then less is left for the other', async () => {
    await using two = await startTwo({ LLM_DAILY_TOKENS_PER_OWNER: '1500' });
    const decided = [
      await two.one.classify('a'.repeat(64)),
      await two.other.classify('b'.repeat(64)),
      await two.one.classify('c'.repeat(64)),
      await two.other.classify('d'.repeat(64)),
    ].map(({ decision }) => decision!);
    expect(decided.map(({ model }) => model)).toEqual(['small-model', 'small-model', 'local', 'local']);
    expect(decided[3]!.reason).toContain('today’s budget for it is spent');
    expect(two.server.requests).toHaveLength(2);
    two.advance(24 * 3_600_000);
    expect(await two.other.classify('e'.repeat(64))).toMatchObject({ decision: { model: 'small-model' } });
  });

  it('When one spends the minute’s requests, then the other’s image waits for the next minute', async () => {
    await using two = await startTwo({ LLM_REQUESTS_PER_MINUTE: '1' });
    await two.one.classify('a'.repeat(64));
    const waiting = two.other.classify('b'.repeat(64));
    await until(async () => /outcome="postponed".*\} [1-9]/.test(await two.other.metrics()));
    expect(two.server.requests).toHaveLength(1);
    two.advance(60_000);
    expect(await waiting).toMatchObject({ decision: { model: 'small-model' } });
    expect(two.server.requests).toHaveLength(2);
  });
});
