import type { HistoryEntry } from '@image-organizer/contracts/http/image';
import type { ImageRecord, PastPlacement, PlacementRecord } from './records.ts';
import { historyItem, isSamePlace, maxHistory, withPast } from './stage-changes.ts';

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
  /** Its folder has another path now: no word on the image itself. Others' paths in it change too. */
  | { kind: 'relocate'; folder: string; placedName: string }
  | { kind: 'trash' }
  | { kind: 'restore'; placedName: string };

export interface Word {
  /** Who says it: the account's email. */
  by: string;
  now: Date;
}

type CorrectionEvent = Extract<
  HistoryEntry['event'],
  'corrected' | 'undone' | 'relocated' | 'trashed' | 'restored'
>;

/** What is in the trash can be restored alone; its folder may have another path all the same. */
export const isWithinReach = (image: Pick<ImageRecord, 'deletedAt'>, { kind }: Correction): boolean =>
  kind === 'relocate' || (image.deletedAt !== null) === (kind === 'restore');

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
    case 'relocate':
      return relocated(image, correction, word);
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
    ...(folder !== undefined && { correctedAt: word.now }),
    filename: filename ?? image.filename,
    caption: caption ?? image.caption,
    tags: tags ?? image.tags,
    userFields: [
      ...new Set([...image.userFields, ...names.filter((name) => name === 'caption' || name === 'tags')]),
    ],
  };
  const next =
    folder === undefined && filename === undefined ? said : replaced(image, said, folder, placedName);
  if (isSame(image, { ...next, correctedAt: image.correctedAt })) return undefined;
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
  if (!placement || isSamePlace(before.placement, placement)) return image;
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

/** Whoever put it there, and why, stays; so does what undo goes back to, under the folder's new path. */
function relocated(
  image: ImageRecord,
  { folder, placedName }: Extract<Correction, { kind: 'relocate' }>,
  word: Word,
): ImageRecord | undefined {
  const { placement } = image;
  if (!placement || placement.folder === folder) return undefined;
  const from = placement.folder.toLowerCase();
  const renamed = <Path extends string | null>(path: Path) => (path?.toLowerCase() === from ? folder : path);
  const next: ImageRecord = {
    ...image,
    requestedFolder: renamed(image.requestedFolder),
    placement: { ...placement, folder, filename: placedName },
    pastPlacements: image.pastPlacements.map((past) => ({
      ...past,
      requestedFolder: renamed(past.requestedFolder),
      placement: { ...past.placement, folder: renamed(past.placement.folder) },
    })),
  };
  return noted(next, 'relocated', word, ['folder']);
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
