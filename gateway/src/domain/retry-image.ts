import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import { stageNames, type StageName } from '@image-organizer/contracts/vocabulary';
import { retryStage } from '@image-organizer/pipeline/retry-stage';
import { AppError } from '@image-organizer/platform/errors';

export class NothingToRetryError extends AppError {
  readonly code = 'NOTHING_TO_RETRY';
  readonly kind = 'conflict';
  constructor(stage?: StageName) {
    super(stage ? `Stage ${stage} of the image has not failed.` : 'No stage of the image has failed.');
  }
}

/**
 * Begins every failed stage again, or only `stage`.
 * @throws NothingToRetryError when there is none, or somebody else was quicker
 */
export async function retryImage(
  dependencies: { catalog: Catalog; relayHint: (entry: OutboxEntry) => void },
  image: ImageRecord,
  stage: StageName | undefined,
  now: Date,
) {
  let retried = 0;
  for (const name of stage ? [stage] : stageNames) {
    if (await retryStage(dependencies, image, name, now)) retried += 1;
  }
  if (retried === 0) throw new NothingToRetryError(stage);
}
