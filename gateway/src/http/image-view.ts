import type { ImageRecord, StageState } from '@image-organizer/adapters/catalog/records';
import type { Image } from '@image-organizer/contracts/http/image';
import type { Links } from './links.ts';

/** An image as its owner sees it. */
export const imageView = (image: ImageRecord, links: Links): Image => ({
  id: image.id,
  batchId: image.batchId,
  filename: image.filename,
  contentType: image.contentType,
  size: image.size,
  sha256: image.sha256,
  status: image.status,
  uploadedAt: image.uploadedAt.toISOString(),
  duplicateOf: image.duplicateOf,
  metadata: image.metadata,
  text: image.text,
  textConfidence: image.textConfidence,
  language: image.language,
  caption: image.caption,
  tags: image.tags,
  placement: image.placement,
  deletedAt: image.deletedAt?.toISOString() ?? null,
  stages: {
    extract: stageView(image.stages.extract),
    classify: stageView(image.stages.classify),
    organize: stageView(image.stages.organize),
  },
  links: links.image(image.id),
});

const stageView = ({ status, attempts, durationMs, error }: StageState) => ({
  status,
  attempts,
  durationMs,
  error,
});
