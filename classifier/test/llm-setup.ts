import type { CorrectionExample } from '@image-organizer/adapters/catalog/catalog';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import type { LlmUsage } from '@image-organizer/contracts/decision';
import { systemClock } from '@image-organizer/platform/clock';
import { silentLog } from '@image-organizer/platform/log';
import { createMetrics } from '@image-organizer/platform/metrics';
import { type OpenAiServer, startOpenAiServer } from '@image-organizer/testing/openai-server';
import { createCatalogLedger } from '../src/adapters/catalog-ledger.ts';
import { createOpenAiModel, type OpenAiModelOptions } from '../src/adapters/openai-model.ts';
import type { FolderProfile, ImageToClassify } from '../src/domain/classifier.ts';
import { createGovernor } from '../src/domain/governor.ts';
import { createLlmClassifier, type LlmClassifierOptions } from '../src/domain/llm-classifier.ts';
import { createLocalClassifier } from '../src/domain/local-classifier.ts';
import type { SpendLedger } from '../src/domain/spend-ledger.ts';
import { createLlmReport } from '../src/llm-report.ts';
import { imageWith } from './images.ts';

/** A text that no kind of the taxonomy claims. */
export const unclearText =
  'Dear Mr Okafor, with regard to the matter we spoke of on the telephone, everything stands as it was agreed between us in spring and nothing further is asked of you.';

export const createLedger = (): SpendLedger =>
  createCatalogLedger({ catalog: createSqliteCatalog({ path: ':memory:' }), clock: systemClock });

export interface LlmSetup {
  model?: Partial<OpenAiModelOptions>;
  config?: Partial<LlmClassifierOptions['config']>;
  corrections?: CorrectionExample[];
  thumbnails?: LlmClassifierOptions['thumbnails'];
  requestsPerMinute?: number;
  dailyTokensPerOwner?: number;
  ledger?: SpendLedger;
  server?: OpenAiServer;
}

/** The classifier against a server of its own, with a clock that the test moves. */
export async function startLlm(setup: LlmSetup = {}) {
  const server = setup.server ?? (await startOpenAiServer());
  const metrics = createMetrics({ service: 'test', process: false });
  const log = silentLog();
  let now = Date.parse('2026-11-21T10:24:30.000Z');
  const clock = { now: () => new Date(now) };
  const classifier = createLlmClassifier({
    model: createOpenAiModel({
      baseUrl: server.url,
      apiKey: 'key',
      model: 'small-model',
      vision: 'auto',
      timeoutMs: 5_000,
      log,
      ...setup.model,
    }),
    local: createLocalClassifier({ reviewBelow: 0.5 }),
    governor: createGovernor({
      clock,
      ledger: setup.ledger ?? createLedger(),
      requestsPerMinute: setup.requestsPerMinute ?? 1_000,
      dailyTokensPerOwner: setup.dailyTokensPerOwner,
    }),
    report: createLlmReport({ metrics, log }),
    corrections: async () => setup.corrections ?? [],
    thumbnails: setup.thumbnails ?? (async () => undefined),
    config: {
      sureAbove: 0.9,
      reviewBelow: 0.5,
      whenDown: 'local',
      prices: { prompt: 1, completion: 10 },
      ...setup.config,
    },
  });
  return {
    server,
    decide: (
      image: Partial<ImageToClassify> = {},
      folders: FolderProfile[] = [],
      signal = new AbortController().signal,
    ) => classifier.decide(imageWith({ text: unclearText, ...image }), folders, { signal }),
    advance: (ms: number) => void (now += ms),
    /** A counter's value. */
    async counted(name: string, labels: Record<string, string> = {}) {
      const metric = await metrics.getSingleMetric(name)!.get();
      const is = (value: { labels: object }) =>
        Object.entries(labels).every(([key, wanted]) => Reflect.get(value.labels, key) === wanted);
      return metric.values.filter(is).reduce((sum, { value }) => sum + value, 0);
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** What one answer of the test's server costs at the test's prices. */
export const costOf = (answers: number): LlmUsage => ({
  calls: answers,
  promptTokens: 800 * answers,
  completionTokens: 100 * answers,
  costUsd: expect.closeTo(0.0018 * answers, 9) as number,
});
