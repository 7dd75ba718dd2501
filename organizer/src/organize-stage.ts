import { queues } from '@image-organizer/contracts/topology';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { defineStage } from '@image-organizer/pipeline/define-stage';
import type { Clock } from '@image-organizer/platform/clock';
import { organizeImage } from './domain/organize-image.ts';

export const organizeStage = ({ catalog, clock }: { catalog: Catalog; clock: Clock }) =>
  defineStage({
    name: 'organize',
    consumes: queues.organizerImageClassified,
    deadlineMs: 60_000,
    concurrency: 4,
    work: async (image) => ({ placement: await organizeImage(image, catalog, clock) }),
  });
