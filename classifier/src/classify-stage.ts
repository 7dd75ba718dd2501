import type { LibraryCatalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { Decision } from '@image-organizer/contracts/decision';
import { queues } from '@image-organizer/contracts/topology';
import { defineStage } from '@image-organizer/pipeline/define-stage';
import type { Classifier, FolderProfile } from './domain/classifier.ts';
import { followTwin } from './domain/follow-twin.ts';

type FolderCatalog = Pick<LibraryCatalog, 'getImage' | 'listFolders'>;

/** Finds the folder of an image that was read, among its owner's folders and new ones. */
export const classifyStage = ({
  catalog,
  classifier,
  onTwin,
}: {
  catalog: FolderCatalog;
  classifier: Classifier;
  /** Told of every image that was decided by its twin. */
  onTwin?: () => void;
}) =>
  defineStage({
    name: 'classify',
    consumes: queues.classifierImageExtracted,
    deadlineMs: 120_000,
    concurrency: 4,
    async work(image, { signal }) {
      const folders = await catalog.listFolders(image.ownerId);
      const { stamp } = classifier;
      const same = await sameAsTwin(catalog, image, folders, stamp);
      if (same) onTwin?.();
      return { decision: { stamp, ...(same ?? (await classifier.decide(image, folders, { signal }))) } };
    },
  });

/** A folder that was asked for is a human's word: it goes before the twin's. */
async function sameAsTwin(
  catalog: FolderCatalog,
  image: ImageRecord,
  folders: FolderProfile[],
  stamp: string,
): Promise<Decision | undefined> {
  if (image.duplicateOf === null || image.requestedFolder !== null) return undefined;
  const twin = await catalog.getImage(image.ownerId, image.duplicateOf);
  return twin && followTwin(image, twin, folders, stamp);
}
