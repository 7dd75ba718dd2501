import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoring } from '../durable-files.ts';
import type { BlobId } from './blob-store.ts';
import { idOfFileName, shardNameOf, type DiskLayout } from './disk-layout.ts';

/**
 * Ids after `after` in ascending order; one folder of ids is in memory at a time.
 * `storedAt` is the inode's ctime: it is never before the id was stored, though equal bytes may be much older, and at
 * worst too young when another id of the same bytes comes or goes.
 */
export async function* listIds(
  layout: DiskLayout,
  after: BlobId,
): AsyncGenerator<{ id: BlobId; storedAt: Date }> {
  const shards = (await readdir(layout.ids)).filter((name) => name >= shardNameOf(after)).sort();
  for (const shard of shards) {
    const folder = join(layout.ids, shard);
    const names = (await readdir(folder)).filter((name) => idOfFileName(name) > after).sort();
    for (const name of names) {
      const found = await lstat(join(folder, name)).catch(ignoring('ENOENT')); // deleted meanwhile
      if (found) yield { id: idOfFileName(name), storedAt: found.ctime };
    }
  }
}
