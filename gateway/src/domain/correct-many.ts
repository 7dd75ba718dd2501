import type { ImageListQuery } from '@image-organizer/adapters/catalog/catalog';
import type { MoveAnswer, UndoBatchAnswer } from '@image-organizer/contracts/http/correction';
import {
  moveImage,
  NothingToUndoError,
  undoPlacement,
  type CorrectionDependencies,
} from './correct-image.ts';
import { findImage, ImageNotFoundError } from './find-image.ts';
import { openFolder } from './open-folder.ts';

type Person = { id: string; email: string };

const pageSize = 200;

/** Moves all, or none where one is not the person's. @throws ImageNotFoundError */
export async function moveImages(
  dependencies: CorrectionDependencies,
  person: Person,
  { ids, folder: named }: { ids: string[]; folder: string },
): Promise<MoveAnswer> {
  const unique = [...new Set(ids)];
  for (const id of unique) await findImage(dependencies.catalog, person.id, id);
  const folder = await openFolder(dependencies, person.id, named);
  let moved = 0;
  for (const id of unique) {
    if (await unlessGone(moveImage(dependencies, person, id, folder))) moved += 1;
  }
  return { folder, moved };
}

/** Each image of the batch back to its placement before, where it had one. */
export async function undoBatch(
  dependencies: CorrectionDependencies,
  person: Person,
  batchId: string,
): Promise<UndoBatchAnswer> {
  const answer: UndoBatchAnswer = { undone: 0, unchanged: 0 };
  const query: ImageListQuery = { ownerId: person.id, batchId, sort: 'uploadedAt', limit: pageSize };
  let cursor: string | null = null;
  do {
    const page = await dependencies.catalog.listImages({ ...query, ...(cursor !== null && { cursor }) });
    for (const { id } of page.items) {
      const undone = await unlessGone(undoPlacement(dependencies, person, id));
      answer[undone ? 'undone' : 'unchanged'] += 1;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return answer;
}

/** Deleted meanwhile, or without a place before: no reason to stop among many. */
async function unlessGone<Result>(correction: Promise<Result>): Promise<Result | undefined> {
  try {
    return await correction;
  } catch (error) {
    if (error instanceof ImageNotFoundError || error instanceof NothingToUndoError) return undefined;
    throw error;
  }
}
