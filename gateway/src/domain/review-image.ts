import { presentPath } from '@image-organizer/adapters/catalog/former-paths';
import type { FolderRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { ReviewItem } from '@image-organizer/contracts/http/review';
import { stageNames } from '@image-organizer/contracts/vocabulary';
import { AppError } from '@image-organizer/platform/errors';
import { correctImage, type CorrectionDependencies } from './correct-image.ts';
import { findImage } from './find-image.ts';

export class NothingToAcceptError extends AppError {
  readonly code = 'NOTHING_TO_ACCEPT';
  readonly kind = 'conflict';
  constructor() {
    super('The image has no place that could be accepted: name a folder.');
  }
}

/** Why the image waits, and what to do. @param folders the owner's: a suggestion may have another path by now */
export function reviewOf(image: ImageRecord, folders: FolderRecord[]): ReviewItem['review'] {
  const { placement, decision } = image;
  const suggestions = (placement ?? decision)?.suggestions ?? [];
  const failed = stageNames.find((stage) => image.stages[stage].status === 'failed');
  return {
    action: failed ? 'retry' : 'choose',
    detail: failed
      ? (image.stages[failed].error?.detail ?? `Stage ${failed} failed.`)
      : ((placement ?? decision)?.reason ?? ''),
    suggestions: [...new Set(suggestions.map((path) => presentPath(path, folders)))],
  };
}

/**
 * A person's word that the place is right, or which one is: a correction like any other.
 * @throws ImageNotFoundError @throws NothingToAcceptError @throws InvalidInputError
 */
export async function acceptPlace(
  dependencies: CorrectionDependencies,
  person: { id: string; email: string },
  imageId: string,
  named: string | undefined,
): Promise<ImageRecord> {
  const { placement } = await findImage(dependencies.catalog, person.id, imageId);
  const folder = named ?? placement?.folder;
  if (folder === undefined) throw new NothingToAcceptError();
  return correctImage(dependencies, person, imageId, { folder });
}
