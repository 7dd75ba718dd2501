import { queues } from '@image-organizer/contracts/topology';
import type { LibraryTree } from '@image-organizer/adapters/library-tree/library-tree';
import { consumeEvents } from '@image-organizer/pipeline/consume-events';
import { runStage, type StageDependencies } from '@image-organizer/pipeline/run-stage';
import { combineServices, type Service } from '@image-organizer/platform/service';
import { onImageOrganized } from './consumers/on-image-organized.ts';
import { settleBatch } from './domain/settle-batch.ts';
import { organizeStage } from './organize-stage.ts';

export interface OrganizerDependencies extends StageDependencies {
  library: LibraryTree;
}

/** Puts classified images into their folders, follows up on it, and settles batches. */
export function createOrganizerService(dependencies: OrganizerDependencies): Service {
  return combineServices('organizer', [
    runStage(organizeStage(dependencies), dependencies),
    consumeEvents(
      queues.organizerImageOrganized,
      { concurrency: 2 },
      dependencies,
      async ({ data, requestId }) => {
        await onImageOrganized(data, dependencies);
        await settleBatch({ ...data, requestId }, dependencies);
        return { kind: 'ack' };
      },
    ),
    consumeEvents(
      queues.organizerImageFailed,
      { concurrency: 2 },
      dependencies,
      async ({ data, requestId }) => {
        await settleBatch({ ...data, requestId }, dependencies);
        return { kind: 'ack' };
      },
    ),
  ]);
}
