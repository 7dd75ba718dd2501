import { randomUUID } from 'node:crypto';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createMemoryBus } from '@image-organizer/adapters/message-bus/memory';
import { messageOfEntry } from '@image-organizer/pipeline/outbox-entry';
import { stageTrigger } from '@image-organizer/pipeline/stage-trigger';
import { systemClock } from '@image-organizer/platform/clock';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { extractResult } from '@image-organizer/testing/builders';
import { accept, advance, at } from '@image-organizer/testing/catalog-suite/harness';
import { type OpenAiServer, startOpenAiServer } from '@image-organizer/testing/openai-server';
import { readClassifierConfig } from '../src/config.ts';
import { createClassifierService } from '../src/service.ts';
import { unclearText } from './llm-setup.ts';

const noBlobs = { open: async () => Promise.reject(new Error('no picture is needed where there is text')) };

/** The service on embedded adapters, asking the server. */
async function startService(server: OpenAiServer) {
  const log = silentLog();
  const metrics = createMetrics({ service: 'test', process: false });
  const catalog = createSqliteCatalog({ path: ':memory:' });
  const bus = createMemoryBus({ log, retryDelaysMs: [2, 2, 2] });
  const config = readClassifierConfig({ OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'small-model' });
  const common = { catalog, bus, clock: systemClock, log, metrics, instanceId: 'one', relayHint: () => {} };
  const service = createClassifierService({ ...common, config, blobs: noBlobs });
  await service.start();
  const ownerId = randomUUID();
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
      await catalog.close();
      await server.close();
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
  });
});
