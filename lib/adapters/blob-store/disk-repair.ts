import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskLayout } from './disk-layout.ts';

/** Removes what a crash left half-written. @returns how many files */
export async function removeIncoming(layout: DiskLayout): Promise<number> {
  const names = await readdir(layout.incoming);
  for (const name of names) await rm(join(layout.incoming, name), { force: true });
  return names.length;
}

/**
 * Removes content that no id has: a crash came between two steps, or somebody else's last link to it (the library's) went
 * after the id had. Looks at every file's link count once. @returns how many files
 */
export async function removeUnreferenced(layout: DiskLayout): Promise<number> {
  const shards = (await readdir(layout.content)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  let removed = 0;
  for (const shard of shards) {
    const names = await readdir(join(layout.content, shard));
    const gone = await Promise.all(names.map((name) => removeIfUnlinked(join(layout.content, shard, name))));
    removed += gone.filter(Boolean).length;
  }
  return removed;
}

async function removeIfUnlinked(path: string): Promise<boolean> {
  if ((await stat(path)).nlink > 1) return false;
  await rm(path, { force: true });
  return true;
}
