import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Correction } from '@image-organizer/adapters/catalog/corrections';
import type { ImageRecord, OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { ImageCorrection } from '@image-organizer/contracts/http/correction';
import { stageNames } from '@image-organizer/contracts/vocabulary';
import { imageOrganizedEntry } from '@image-organizer/pipeline/outbox-entry';
import { stageTrigger } from '@image-organizer/pipeline/stage-trigger';
import type { Clock } from '@image-organizer/platform/clock';
import { AppError } from '@image-organizer/platform/errors';
import { cleanFilename } from '@image-organizer/pipeline/intake/clean-filename';
import { findImage, ImageNotFoundError } from './find-image.ts';
import { openFolder } from './open-folder.ts';

export class NothingToUndoError extends AppError {
  readonly code = 'NOTHING_TO_UNDO';
  readonly kind = 'conflict';
  constructor() {
    super('The image has had no other place before.');
  }
}

export interface CorrectionDependencies {
  catalog: Catalog;
  clock: Clock;
  /** Called with every entry that a correction recorded. */
  relayHint: (entry: OutboxEntry) => void;
}

type Person = { id: string; email: string };

/** Records what a person says of the image. @throws ImageNotFoundError @throws InvalidInputError */
export async function correctImage(
  dependencies: CorrectionDependencies,
  person: Person,
  imageId: string,
  { folder, filename, caption, tags }: ImageCorrection,
): Promise<ImageRecord> {
  if (folder !== undefined) await findImage(dependencies.catalog, person.id, imageId); // or the folder would be made for nothing
  return sayFields(dependencies, person, imageId, {
    ...(folder !== undefined && { folder: await openFolder(dependencies, person.id, folder) }),
    ...(filename !== undefined && { filename: cleanFilename(filename) }),
    ...(caption !== undefined && { caption: plainText(caption) }),
    ...(tags !== undefined && { tags: [...new Set(tags.map(plainText))].filter((tag) => tag !== '') }),
  });
}

/** @param folder made and in its own case: see `openFolder`. @throws ImageNotFoundError */
export const moveImage = (
  dependencies: CorrectionDependencies,
  person: Person,
  imageId: string,
  folder: string,
): Promise<ImageRecord> => sayFields(dependencies, person, imageId, { folder });

async function sayFields(
  dependencies: CorrectionDependencies,
  person: Person,
  imageId: string,
  fields: ImageCorrection,
): Promise<ImageRecord> {
  const { image } = await say(dependencies, person, imageId, async ({ filename, placement }, freeName) => ({
    kind: 'correct',
    ...fields,
    placedName: await freeName(
      fields.folder ?? placement?.folder,
      fields.filename ?? placement?.filename ?? filename,
    ),
  }));
  return image;
}

/** Back to the placement before. @throws ImageNotFoundError @throws NothingToUndoError */
export async function undoPlacement(
  dependencies: CorrectionDependencies,
  person: Person,
  imageId: string,
): Promise<ImageRecord> {
  const { kind, image } = await say(dependencies, person, imageId, async ({ pastPlacements }, freeName) => {
    const before = pastPlacements.at(-1)?.placement;
    return { kind: 'undo', placedName: await freeName(before?.folder, before?.filename ?? '') };
  });
  if (kind === 'unchanged') throw new NothingToUndoError();
  return image;
}

/** Into the trash. @throws ImageNotFoundError */
export async function trashImage(
  dependencies: CorrectionDependencies,
  person: Person,
  imageId: string,
): Promise<void> {
  await say(dependencies, person, imageId, async () => ({ kind: 'trash' }));
}

/** Out of the trash, to where it was. @throws ImageNotFoundError when it is not there */
export async function restoreImage(
  dependencies: CorrectionDependencies,
  person: Person,
  imageId: string,
): Promise<ImageRecord> {
  const { image } = await say(dependencies, person, imageId, async ({ placement }, freeName) => ({
    kind: 'restore',
    placedName: await freeName(placement?.folder, placement?.filename ?? ''),
  }));
  return image;
}

type FreeName = (folder: string | undefined, filename: string) => Promise<string>;

/** Again where another image took the name meanwhile. */
async function say(
  { catalog, clock, relayHint }: CorrectionDependencies,
  { id: ownerId, email: by }: Person,
  imageId: string,
  correctionOf: (image: ImageRecord, freeName: FreeName) => Promise<Correction>,
) {
  const freeName: FreeName = async (folder, filename) =>
    folder === undefined ? filename : catalog.freeFilename({ ownerId, imageId, folder, filename });
  for (;;) {
    const [image] = await catalog.findImages([imageId]);
    if (image?.ownerId !== ownerId) throw new ImageNotFoundError();
    const correction = await correctionOf(image, freeName);
    const now = clock.now();
    const event = (before: ImageRecord, after: ImageRecord) => followUp(before, after, now);
    const outcome = await catalog.correctImage({ ownerId, imageId, correction, by, now, event });
    if (outcome.kind === 'missing') throw new ImageNotFoundError();
    if (outcome.kind === 'name-taken') continue;
    if (outcome.kind === 'corrected' && outcome.event) relayHint(outcome.event);
    return outcome;
  }
}

/** The organizer keeps the library in step and lets the folders learn; an image that is on its way goes on. */
function followUp(before: ImageRecord, after: ImageRecord, now: Date): OutboxEntry | null {
  const wasHeld = before.stages.organize.status === 'running' && after.stages.organize.status === 'pending';
  if (wasHeld) return stageTrigger(after, 'organize', now);
  if (after.placement) return imageOrganizedEntry(after, now, before.deletedAt ? null : before.placement);
  const stage = stageNames.find((name) => after.stages[name].status !== 'done');
  const goesOn = before.deletedAt !== null && stage && after.stages[stage].status !== 'failed';
  return goesOn ? stageTrigger(after, stage, now) : null; // of what is deleted, the sweeper completes the batch
}

/** What can be stored and shown: no half characters, no control characters but line ends. */
export const plainText = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .trim();
