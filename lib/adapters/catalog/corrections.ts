import type { HistoryEntry } from '@image-organizer/contracts/http/image';
import type { ImageRecord, PastPlacement, PlacementRecord } from './records.ts';
import { historyItem, maxHistory, withPast } from './stage-changes.ts';

/** What a human's word makes of an image, whatever it is stored in. Nothing here is changed in place. */

/** @see CorrectionCatalog.correctImage */
export type Correction =
  | {
      kind: 'correct';
      /** Cleaned; of an image without a place the stage organize puts it there. */
      folder?: string;
      filename?: string;
      caption?: string;
      tags?: string[];
      /** The free name it gets in its folder, where folder or filename are given. */
      placedName: string;
    }
  /** Back to the placement before the present one. */
  | { kind: 'undo'; placedName: string }
  | { kind: 'trash' }
  | { kind: 'restore'; placedName: string };

export interface Word {
  /** Who says it: the account's email. */
  by: string;
  now: Date;
}

type CorrectionEvent = Extract<HistoryEntry['event'], 'corrected' | 'undone' | 'trashed' | 'restored'>;

/** @returns undefined where there is nothing to change; whether the image is in the trash was looked at before */
export function applyCorrection(
  image: ImageRecord,
  correction: Correction,
  word: Word,
): ImageRecord | undefined {
  switch (correction.kind) {
    case 'correct':
      return corrected(image, correction, word);
    case 'undo':
      return undone(image, correction.placedName, word);
    case 'trash':
      return noted({ ...image, deletedAt: word.now }, 'trashed', word);
    case 'restore':
      return noted(
        {
          ...image,
          deletedAt: null,
          placement: image.placement && { ...image.placement, filename: correction.placedName },
        },
        'restored',
        word,
      );
  }
}

function corrected(
  image: ImageRecord,
  { kind: _kind, placedName, ...fields }: Extract<Correction, { kind: 'correct' }>,
  word: Word,
): ImageRecord | undefined {
  const { folder, filename, caption, tags } = fields;
  const names = (Object.keys(fields) as (keyof typeof fields)[]).filter((name) => fields[name] !== undefined);
  const said: ImageRecord = {
    ...image,
    requestedFolder: folder ?? image.requestedFolder,
    filename: filename ?? image.filename,
    caption: caption ?? image.caption,
    tags: tags ?? image.tags,
    userFields: [
      ...new Set([...image.userFields, ...names.filter((name) => name === 'caption' || name === 'tags')]),
    ],
  };
  const next =
    folder === undefined && filename === undefined ? said : replaced(image, said, folder, placedName);
  if (isSame(image, next)) return undefined;
  return noted(next, 'corrected', word, names);
}

/** With its new place. Where the stage organize is at work, that begins anew, to end with the place that was said. */
function replaced(
  before: ImageRecord,
  image: ImageRecord,
  folder: string | undefined,
  placedName: string,
): ImageRecord {
  const { organize } = image.stages;
  if (organize.status === 'running') {
    const attempts = organize.attempts - 1; // the attempt was not in vain by its own fault
    const again = { ...organize, status: 'pending', attempts, owner: null, leaseUntil: null } as const;
    return { ...image, stages: { ...image.stages, organize: again } };
  }
  const placement = placementOf(before, folder, placedName);
  if (!placement || isSamePlace(before, placement)) return image;
  return { ...image, placement, pastPlacements: withPast(before) };
}

function placementOf(
  { placement, status, requestedFolder }: ImageRecord,
  folder: string | undefined,
  filename: string,
): PlacementRecord | null {
  if (folder === undefined) return placement && { ...placement, filename };
  if (!placement && status !== 'failed') return null;
  if (placement?.by === 'user' && placement.folder === folder && requestedFolder === folder) {
    return { ...placement, filename };
  }
  return {
    folder,
    filename,
    by: 'user',
    confidence: 1,
    reason: 'A person put it here.',
    runnerUp: null,
    matchedWords: [],
    needsReview: false,
    suggestions: [],
    model: placement?.model ?? 'user',
    promptVersion: placement?.promptVersion ?? '',
  };
}

const isSamePlace = ({ placement }: ImageRecord, other: PlacementRecord): boolean =>
  placement?.folder === other.folder && placement.filename === other.filename && placement.by === other.by;

function undone(image: ImageRecord, placedName: string, word: Word): ImageRecord | undefined {
  const last: PastPlacement | undefined = image.pastPlacements.at(-1);
  if (!last) return undefined;
  return noted(
    {
      ...image,
      filename: last.filename,
      requestedFolder: last.requestedFolder,
      placement: { ...last.placement, filename: placedName },
      pastPlacements: image.pastPlacements.slice(0, -1),
    },
    'undone',
    word,
  );
}

const noted = (
  image: ImageRecord,
  event: CorrectionEvent,
  { by, now }: Word,
  fields?: string[],
): ImageRecord => ({
  ...image,
  history: [
    ...image.history,
    { ...historyItem('correction', event, now), by, ...(fields && { fields }) },
  ].slice(-maxHistory),
});

const isSame = (before: ImageRecord, after: ImageRecord): boolean =>
  JSON.stringify(before) === JSON.stringify(after);
