import { unsortedFolder } from '@image-organizer/contracts/folder-path';
import type { Decision } from '@image-organizer/contracts/decision';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord, PlacementRecord } from '@image-organizer/adapters/catalog/records';
import type { Clock } from '@image-organizer/platform/clock';
import { resolveFolder } from './resolve-folder.ts';

/** Checks the decision again, makes its folder if that is new, and gives the image its place and a free name in it. */
export async function organizeImage(
  image: ImageRecord,
  catalog: Catalog,
  clock: Clock,
): Promise<PlacementRecord> {
  const decision = decisionOf(image);
  const folders = await catalog.listFolders(image.ownerId);
  const resolved = resolveFolder(decision, folders, image.requestedFolder);
  const { changed } = resolved;
  // It may have been renamed in this very moment.
  const { path } = await catalog.ensureFolder({
    ownerId: image.ownerId,
    path: resolved.path,
    description: (resolved.path === decision.toDir && decision.description) || descriptionOf(resolved.path),
    commonWords: resolved.path === decision.toDir ? decision.commonWords : [],
    createdBy: image.requestedFolder ? 'user' : 'auto',
    now: clock.now(),
  });
  const { ownerId, id: imageId, filename } = image;
  return {
    folder: path,
    filename: await catalog.freeFilename({ ownerId, imageId, folder: path, filename }),
    by: image.requestedFolder ? 'user' : 'auto',
    confidence: decision.confidence,
    reason: changed ? `${decision.reason} ${changed}` : decision.reason,
    runnerUp: decision.runnerUp,
    matchedWords: decision.matchedWords,
    needsReview: decision.needsReview || (path === unsortedFolder && !image.requestedFolder),
    suggestions: decision.suggestions,
    model: decision.model,
    promptVersion: decision.promptVersion,
  };
}

function decisionOf({ id, decision }: ImageRecord): Decision {
  if (!decision) throw new Error(`image ${id} has no decision though its stage classify is done`);
  return decision;
}

const descriptionOf = (path: string) => (path === unsortedFolder ? 'What waits for a person to sort it' : '');
