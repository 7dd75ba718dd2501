import type { PlacementRecord } from '@image-organizer/adapters/catalog/records';
import { organizeResult } from '@image-organizer/testing/builders';
import { jpeg } from './files.ts';
import { process } from './images.ts';
import { anna, type TestGateway } from './start-gateway.ts';

/** Uploads an image of anna's and puts it where `placement` says, as the workers would; its events count as published. */
export async function placed(
  gateway: TestGateway,
  placement: Partial<PlacementRecord> = {},
  owner = anna,
): Promise<string> {
  const { catalog } = gateway;
  const filename = placement.filename ?? 'a.jpg';
  const imageId = await gateway.uploaded(jpeg(), filename, owner);
  await process(gateway, imageId);
  await placeAgain(gateway, imageId, { filename, ...placement });
  for (const entry of await catalog.dueOutbox(1_000)) await catalog.markPublished(entry);
  return imageId;
}

/** Plays the organizer, whose stage is pending. */
export async function placeAgain(
  { catalog }: TestGateway,
  imageId: string,
  placement: Partial<PlacementRecord>,
): Promise<void> {
  const [now, stage] = [new Date(), 'organize'] as const;
  const request = { ownerId: anna.id, imageId, stage, owner: 'test', now, leaseMs: 60_000 };
  const claim = await catalog.claimStage(request);
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  const result = organizeResult(placement);
  await catalog.ensureFolder({
    ...{ ownerId: anna.id, path: result.placement.folder, description: '', commonWords: ['total'] },
    ...{ createdBy: 'auto', now },
  });
  const held = { imageId, stage, epoch: claim.epoch };
  await catalog.completeStage(held, { result, durationMs: 1_000, now, event: null });
}
