import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { Decision } from '@image-organizer/contracts/decision';
import type { FolderProfile, ImageToClassify } from './classifier.ts';
import { explainDuplicate } from './explain.ts';

/**
 * The decision for an image whose twin (same bytes, same owner) has been placed already: the same folder, caption and
 * tags, a human's corrections included. Nothing when the decision is stale, for then it may be another one now, and when the twin waits for review itself, or is not placed: then the image
 * is looked at afresh.
 */
export function followTwin(
  image: ImageToClassify,
  twin: ImageRecord,
  folders: FolderProfile[],
  stamp: string,
): Decision | undefined {
  const { decision, placement, caption, tags } = twin;
  if (decision === null || placement === null || placement.needsReview) return undefined;
  if (decision.stamp !== stamp && placement.by === 'auto') return undefined;
  const isNewDir = !folders.some(({ path }) => path === placement.folder);
  return {
    filename: image.filename,
    isNewDir,
    toDir: placement.folder,
    description: isNewDir ? (decision.description ?? '') : null,
    commonWords: isNewDir ? decision.commonWords : [],
    caption: caption ?? decision.caption,
    tags: tags.slice(0, 5),
    confidence: placement.confidence,
    reason: explainDuplicate(twin.filename, placement.folder),
    runnerUp: placement.runnerUp,
    matchedWords: placement.matchedWords,
    needsReview: false,
    suggestions: placement.suggestions,
    model: placement.model,
    promptVersion: placement.promptVersion,
  };
}
