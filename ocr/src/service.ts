import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { withStamp } from '@image-organizer/pipeline/record-stamp';
import { runStage, type StageDependencies } from '@image-organizer/pipeline/run-stage';
import type { Service } from '@image-organizer/platform/service';
import { hardenSharp } from './adapters/sharp-settings.ts';
import { createTesseractEngine } from './adapters/tesseract-engine.ts';
import type { OcrConfig } from './config.ts';
import { extractStage, stampOf } from './extract-stage.ts';

export interface OcrDependencies extends StageDependencies {
  blobs: BlobStore;
  config: OcrConfig;
}

/** Reads every uploaded image. The engine starts at the first image and ends after the last. */
export function createOcrService(dependencies: OcrDependencies): Service {
  const { config, metrics, log } = dependencies;
  hardenSharp();
  const engine = createTesseractEngine({
    languages: config.languages,
    dataDir: config.tessdataDir,
    workers: config.workers,
    deadlineMs: config.ocrDeadlineMs,
    metrics,
    log,
  });
  const stamp = { text: stampOf(config), asksModel: false };
  const worker = runStage(extractStage({ ...dependencies, engine }), dependencies);
  const stage = withStamp(worker, 'extract', stamp, dependencies);
  return {
    ...stage,
    name: 'ocr',
    async stop() {
      await stage.stop();
      await engine.close();
    },
  };
}
