import { changeDocument, trackWrite, type Change, type WriteTracker } from './change-document.ts';
import type { ImageDocument } from './documents.ts';
import type { LastWritten } from './last-written.ts';
import { isDuplicate, type Collections, type Store } from './store.ts';

type Decide<Outcome> = (document: ImageDocument | undefined) => Change<ImageDocument, Outcome>;

/** One compare-and-set of an image: see `changeDocument`. */
export async function changeImage<Outcome>(
  store: Store,
  imageId: string,
  decide: Decide<Outcome>,
  lastWritten?: LastWritten<ImageDocument>,
): Promise<Outcome> {
  const tracker = trackWrite<Outcome>();
  const outcome = await store.run(({ images }) =>
    changeDocument(images, imageId, tracker, decide, lastWritten),
  );
  tally(store, tracker);
  return outcome;
}

function tally(store: Store, { sent, isDone }: WriteTracker<unknown>): void {
  if (!sent || !isDone) return;
  const [before, after] = [sent.before as ImageDocument, sent.after as ImageDocument];
  store.tallies.changed(after.ownerId, before, after);
}

/**
 * As changeImage, where the image may take a name in a folder. It reads first, always: that keeps those apart who want one
 * name.
 * @returns `taken`, nothing changed, where another image of the folder has the name
 */
export async function changePlace<Outcome>(
  store: Store,
  imageId: string,
  decide: Decide<Outcome>,
  taken: Outcome,
): Promise<Outcome> {
  const tracker = trackWrite<Outcome>();
  try {
    const outcome = await store.run(async ({ images }, isRetry) => {
      if (isRetry && (await isPlaceTaken(images, imageId, tracker.writeId, decide))) return taken;
      return changeDocument(images, imageId, tracker, decide);
    });
    tally(store, tracker);
    return outcome;
  } catch (error) {
    if (isDuplicate(error, 'images_by_place')) return taken;
    throw error;
  }
}

/**
 * Asked before another try alone: the unique index decides. Many that want one name at once deadlock in FerretDB, and
 * would again and again.
 */
async function isPlaceTaken<Outcome>(
  images: Collections['images'],
  imageId: string,
  writeId: string,
  decide: Decide<Outcome>,
): Promise<boolean> {
  const document = await images.findOne({ _id: imageId }, { projection: { words: 0 } });
  if (!document || document.writes.includes(writeId)) return false; // an earlier try did it
  const { ownerId, placement, placedName, deletedAt } = { ...document, ...decide(document).set };
  if (!placement || deletedAt) return false;
  const other = { ownerId, 'placement.folder': placement.folder, placedName, deletedAt: null };
  return (await images.findOne({ ...other, _id: { $ne: imageId } }, { projection: { _id: 1 } })) !== null;
}
