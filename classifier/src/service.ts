import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { withStamp } from '@image-organizer/pipeline/record-stamp';
import { runStage, type StageDependencies } from '@image-organizer/pipeline/run-stage';
import type { Service } from '@image-organizer/platform/service';
import { createCatalogLedger } from './adapters/catalog-ledger.ts';
import { createOpenAiModel } from './adapters/openai-model.ts';
import { createThumbnails } from './adapters/thumbnails.ts';
import { classifyStage } from './classify-stage.ts';
import type { ClassifierChoice, ClassifierConfig } from './config.ts';
import { createGovernor } from './domain/governor.ts';
import { createLlmClassifier, type LlmReport } from './domain/llm-classifier.ts';
import { newestCorrections } from './domain/llm-examples.ts';
import { createLocalClassifier } from './domain/local-classifier.ts';
import { createLlmReport } from './llm-report.ts';

export interface ClassifierDependencies extends StageDependencies {
  config: Pick<ClassifierConfig, 'reviewBelow' | 'classifier'>;
  /** Where renditions are, for models that look at pictures. */
  blobs: Pick<BlobStore, 'open'>;
}

/** Finds a folder for every image that was read. */
export function createClassifierService(dependencies: ClassifierDependencies): Service {
  const { config, catalog } = dependencies;
  const local = createLocalClassifier(config);
  const report = createLlmReport(dependencies);
  const asksModel = config.classifier.kind === 'openai';
  const chosen =
    config.classifier.kind === 'local'
      ? { classifier: local }
      : askModel(config.classifier, local, report, dependencies);
  const stage = runStage(classifyStage({ catalog, ...chosen }), dependencies);
  return withStamp(stage, 'classify', { text: chosen.classifier.stamp, asksModel }, dependencies);
}

function askModel(
  choice: Extract<ClassifierChoice, { kind: 'openai' }>,
  local: ReturnType<typeof createLocalClassifier>,
  report: LlmReport,
  dependencies: ClassifierDependencies,
) {
  const { log, clock, blobs, catalog, config } = dependencies;
  const classifier = createLlmClassifier({
    model: createOpenAiModel({ ...choice, log }),
    local,
    governor: createGovernor({ ...choice, ledger: createCatalogLedger(dependencies), clock }),
    report,
    corrections: (ownerId) => catalog.recentCorrections(ownerId, newestCorrections),
    thumbnails: createThumbnails(blobs),
    config: { ...choice, reviewBelow: config.reviewBelow },
  });
  return { classifier, onTwin: () => report.avoided('twin') };
}
