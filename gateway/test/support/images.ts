import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ExtractResult } from '@image-organizer/adapters/catalog/records';
import type { Decision } from '@image-organizer/contracts/decision';
import type { StageName } from '@image-organizer/contracts/vocabulary';
import { imageFailedEntry } from '@image-organizer/pipeline/outbox-entry';
import { anna, type TestGateway } from './start-gateway.ts';

const rendition = (imageId: string, name: string, size: number) => ({
  blobId: `${imageId}.1.${name}`,
  contentType: 'image/jpeg',
  width: 10,
  height: 10,
  size,
  sha256: '0'.repeat(63) + name.length,
});

const decision = (filename: string): Decision => ({
  filename,
  isNewDir: true,
  toDir: 'Receipts',
  description: 'Receipts of shops',
  commonWords: ['total'],
  caption: 'Café receipt, 12 € – “lunch”',
  tags: ['receipt'],
  confidence: 0.9,
  reason: 'It says total.',
  runnerUp: null,
  matchedWords: ['total'],
  needsReview: false,
  suggestions: [],
  model: 'local',
  promptVersion: '1',
});

/** Plays the workers: claims a stage of anna's image and returns the claim with the image. */
async function claim<Stage extends StageName>(catalog: Catalog, imageId: string, stage: Stage) {
  const request = { ownerId: anna.id, imageId, stage, owner: 'test', now: new Date(), leaseMs: 60_000 };
  const outcome = await catalog.claimStage(request);
  if (outcome.kind !== 'claimed') throw new Error(`the stage is ${outcome.kind}`);
  return { claim: { imageId, stage, epoch: outcome.epoch }, image: outcome.image };
}

/** Extracts and classifies anna's image: it has renditions, `text` and a caption. */
export async function process({ catalog, blobs }: TestGateway, imageId: string, text = 'Total 12 €') {
  const extract = await claim(catalog, imageId, 'extract');
  const bytes = Buffer.from('a small rendition');
  const result: ExtractResult = {
    metadata: {
      width: 20,
      height: 10,
      format: 'jpeg',
      orientation: null,
      takenAt: null,
      camera: null,
      location: null,
    },
    renditions: {
      small: rendition(imageId, 'small', bytes.length),
      medium: rendition(imageId, 'medium', bytes.length),
      compressed: rendition(imageId, 'compressed', bytes.length),
    },
    text,
    textConfidence: 90,
    language: 'eng',
  };
  for (const { blobId } of Object.values(result.renditions)) await blobs.put(blobId, Readable.from([bytes]));
  await catalog.completeStage(extract.claim, { result, durationMs: 5, now: new Date(), event: null });
  const classify = await claim(catalog, imageId, 'classify');
  const classified = {
    result: { decision: decision(classify.image.filename) },
    durationMs: 5,
    now: new Date(),
    event: null,
  };
  await catalog.completeStage(classify.claim, classified);
}

/** Fails the stage of anna's image for good. */
export async function fail(catalog: Catalog, imageId: string, stage: StageName) {
  const { claim: held, image } = await claim(catalog, imageId, stage);
  const failure = { code: 'DAMAGED', detail: 'The file is damaged.' };
  const now = new Date();
  await catalog.failStage(held, { now, failure, event: imageFailedEntry(image, stage, failure, now) });
}

export const unknownId = randomUUID();
