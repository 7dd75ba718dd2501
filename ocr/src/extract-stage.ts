import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ExtractResult, ImageRecord } from '@image-organizer/adapters/catalog/records';
import { queues } from '@image-organizer/contracts/topology';
import { defineStage, type WorkContext } from '@image-organizer/pipeline/define-stage';
import { decodeImage } from './adapters/sharp-decode.ts';
import { makeRenditions } from './adapters/sharp-renditions.ts';
import { enlarge, shrink, toGrey } from './adapters/sharp-resize.ts';
import type { OcrConfig } from './config.ts';
import type { OcrEngine } from './domain/ocr-engine.ts';
import { readOriginal } from './domain/read-original.ts';
import { longestReadSide, readText } from './domain/read-text.ts';
import { reuseTwin } from './domain/reuse-twin.ts';
import { deleteRenditions, storeRenditions } from './domain/store-renditions.ts';

export interface ExtractDependencies {
  blobs: BlobStore;
  catalog: Pick<Catalog, 'getImage'>;
  engine: OcrEngine;
  config: OcrConfig;
}

/** What a text depends on: those under another stamp are stale. */
export const stampOf = ({ languages }: OcrConfig): string => `tesseract ${languages.join('+')}`;

/** Reads one image: renditions and metadata first, for people who watch, then its text. */
export const extractStage = (dependencies: ExtractDependencies) =>
  defineStage({
    name: 'extract',
    consumes: queues.ocrImageUploaded,
    deadlineMs: dependencies.config.extractDeadlineMs,
    concurrency: dependencies.config.workers,
    work: async (image, context) =>
      (await reuseTwin({ ...dependencies, readUnder: stampOf(dependencies.config) }, image, context.epoch)) ??
      (await extract(dependencies, image, context)),
    discard: (image, epoch) => deleteRenditions(dependencies.blobs, { imageId: image.id, epoch }),
  });

async function extract(
  { blobs, engine, config }: ExtractDependencies,
  image: ImageRecord,
  { epoch, signal, report }: Pick<WorkContext<'extract'>, 'epoch' | 'signal' | 'report'>,
): Promise<ExtractResult> {
  const original = await readOriginal(blobs, image, { maxBytes: config.maxUploadBytes, signal });
  const { metadata, encoded, readable } = await render(original, config);
  const renditions = await storeRenditions(blobs, { imageId: image.id, epoch }, encoded, signal);
  await report({ metadata, renditions });
  const text = await readText({ engine, enlarge }, readable, signal);
  return { metadata, renditions, ...text, readUnder: stampOf(config) };
}

/**
 * Decodes the original once; each step is made from the one before it. A step of its own, so that the pixels at full
 * size (three bytes each) are let go before the text is read.
 */
async function render(original: Buffer, { maxPixels, decodeTimeoutSeconds }: OcrConfig) {
  const { metadata, pixels } = await decodeImage(original, {
    maxPixels,
    timeoutSeconds: decodeTimeoutSeconds,
  });
  const shrunk = await shrink(pixels, longestReadSide);
  return { metadata, encoded: await makeRenditions(pixels, shrunk), readable: await toGrey(shrunk) };
}
