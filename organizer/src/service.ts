import { queues } from '@image-organizer/contracts/topology';
import type { LibraryTree } from '@image-organizer/adapters/library-tree/library-tree';
import { consumeEvents } from '@image-organizer/pipeline/consume-events';
import { runStage, type StageDependencies } from '@image-organizer/pipeline/run-stage';
import { combineServices, type Service } from '@image-organizer/platform/service';
import { createOnImageOrganized } from './consumers/on-image-organized.ts';
import { requireImage } from './domain/require-image.ts';
import { settleBatch } from './domain/settle-batch.ts';
import { organizeStage } from './organize-stage.ts';

export interface OrganizerDependencies extends StageDependencies {
  library: LibraryTree;
}

/** Puts classified images into their folders, follows up on it, and settles batches. */
export function createOrganizerService(dependencies: OrganizerDependencies): Service {
  const onImageOrganized = createOnImageOrganized(dependencies);
  return combineServices('organizer', [
    runStage(organizeStage(dependencies), dependencies),
    consumeEvents(
      queues.organizerImageOrganized,
      { concurrency: 16 }, // they wait for the stores most of the time, and share what they learn
      dependencies,
      async ({ data, requestId }) => {
        await onImageOrganized(data);
        await settleBatch({ ...data, requestId }, dependencies);
        return { kind: 'ack' };
      },
    ),
    consumeEvents(
      queues.organizerImageFailed,
      { concurrency: 2 },
      dependencies,
      async ({ data, requestId }) => {
        await requireImage(data, dependencies.catalog);
        await settleBatch({ ...data, requestId }, dependencies);
        return { kind: 'ack' };
      },
    ),
  ]);
}
