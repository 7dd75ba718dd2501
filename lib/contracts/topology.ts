import type { EventDefinition } from './define-event.ts';
import { batchCompleted } from './events/batch-completed.ts';
import { imageClassified } from './events/image-classified.ts';
import { imageExtracted } from './events/image-extracted.ts';
import { imageFailed } from './events/image-failed.ts';
import { imageOrganized } from './events/image-organized.ts';
import { imageUploaded } from './events/image-uploaded.ts';
import { importRequested } from './events/import-requested.ts';

/** One queue: what one service wants to hear of one event. Each exists once per lane. */
export interface QueueDefinition<Data = unknown> {
  /** `<service>.<event with dashes>` */
  readonly name: string;
  readonly event: EventDefinition<string, Data>;
}

const queue = <Data>(service: string, event: EventDefinition<string, Data>): QueueDefinition<Data> => ({
  name: `${service}.${event.name.replace('.', '-')}`,
  event,
});

/** Every event there is. An event is published as mandatory, so each has at least one queue below. */
export const events = [
  imageUploaded,
  imageExtracted,
  imageClassified,
  imageOrganized,
  imageFailed,
  batchCompleted,
  importRequested,
] as const;

/** Who consumes what: the whole topology of the bus. */
export const queues = {
  ocrImageUploaded: queue('ocr', imageUploaded),
  classifierImageExtracted: queue('classifier', imageExtracted),
  organizerImageClassified: queue('organizer', imageClassified),
  organizerImageOrganized: queue('organizer', imageOrganized),
  organizerImageFailed: queue('organizer', imageFailed),
  notificationBatchCompleted: queue('notification', batchCompleted),
  importerImportRequested: queue('importer', importRequested),
} as const;
