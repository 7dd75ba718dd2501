import { runStage, type StageDependencies } from '@image-organizer/pipeline/run-stage';
import type { Service } from '@image-organizer/platform/service';
import { classifyStage } from './classify-stage.ts';
import type { ClassifierConfig } from './config.ts';
import type { Classifier } from './domain/classifier.ts';
import { createLocalClassifier } from './domain/local-classifier.ts';

export interface ClassifierDependencies extends StageDependencies {
  config: Pick<ClassifierConfig, 'reviewBelow'>;
  /** The local one unless told otherwise. */
  classifier?: Classifier;
}

/** Finds a folder for every image that was read. */
export function createClassifierService(dependencies: ClassifierDependencies): Service {
  const classifier = dependencies.classifier ?? createLocalClassifier(dependencies.config);
  return runStage(classifyStage({ catalog: dependencies.catalog, classifier }), dependencies);
}
