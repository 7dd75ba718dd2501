import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { BatchRecord } from '@image-organizer/adapters/catalog/records';
import { quotaLeft } from '@image-organizer/pipeline/quota';
import type { Quota } from '@image-organizer/contracts/http/access-token';
import type { ReceivedFile } from '@image-organizer/pipeline/intake/receive-files';

/**
 * Refuses those stored files that the owner's quota has no room for; one that comes after them may still fit. In a
 * repeated request, the files that became images the first time are images already.
 */
export async function keepWithinQuota(
  catalog: Catalog,
  { id, ownerId }: BatchRecord,
  { files, quota, isRepeated }: { files: ReceivedFile[]; quota: Quota; isRepeated: boolean },
): Promise<ReceivedFile[]> {
  if (quota.images === null && quota.bytes === null) return files;
  const left = await quotaLeft(catalog, ownerId, quota);
  const known = isRepeated ? await contentsOf(catalog, ownerId, id) : [];
  return files.map((file) => {
    if ('refused' in file) return file;
    const { filename, sha256, size } = file.stored;
    const at = known.indexOf(sha256);
    if (at >= 0) known.splice(at, 1);
    const detail = at >= 0 ? undefined : left.take(size);
    return detail === undefined ? file : { refused: { filename, code: 'QUOTA_EXCEEDED', detail } };
  });
}

/** The sha256 of each image of the batch. */
async function contentsOf(catalog: Catalog, ownerId: string, batchId: string): Promise<string[]> {
  const found: string[] = [];
  for (const trashed of [false, true]) {
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await catalog.listImages({
        ...{ ownerId, batchId, trashed, sort: 'uploadedAt', limit: 200 },
        ...(cursor !== undefined && { cursor }),
      });
      found.push(...page.items.map(({ sha256 }) => sha256));
      cursor = page.nextCursor;
    }
  }
  return found;
}
