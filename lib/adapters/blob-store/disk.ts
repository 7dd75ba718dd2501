import { link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Log } from '@image-organizer/platform/log';
import { ensureDirectory, hasCode, ignoring, moveInto, syncDirectory } from '../durable-files.ts';
import { BlobNotFoundError, type BlobId, type BlobStore, type StoredBlob } from './blob-store.ts';
import { createDiskDigests } from './disk-digests.ts';
import { createDiskLayout, type DiskLayout } from './disk-layout.ts';
import { listIds } from './disk-list.ts';
import { createKeyedLock } from './disk-lock.ts';
import { removeIncoming, removeUnreferenced } from './disk-repair.ts';
import { writeNewFile, type WrittenFile } from './disk-write.ts';

export interface DiskBlobStore extends BlobStore {
  /** The read-only file that holds the id's bytes, for hard links: link it, never open it for writing. */
  pathOf(id: BlobId): string;
}

/**
 * Content-addressed files (disk-layout.ts): equal bytes are stored once, and a file's link count says whether anybody
 * needs it. One process at a time may use `directory`, which lies in one file system that has hard links. Opening it
 * removes what a crash left behind.
 */
export async function createDiskBlobStore({
  directory,
  log,
}: {
  directory: string;
  log: Log;
}): Promise<DiskBlobStore> {
  const layout = createDiskLayout(directory);
  await openLayout(directory, layout, log);
  const digests = createDiskDigests(layout, log);
  // An id's lock is taken before a hash's, and one hash's at a time: no circle, no deadlock.
  const [lockId, lockHash] = [createKeyedLock(), createKeyedLock()];

  /** Gives the file `incoming` its content name, and the id a link to it. */
  async function addLink(id: BlobId, incoming: string, sha256: string): Promise<void> {
    const newLink = layout.newIncoming();
    await ensureDirectory(layout.contentFolderOf(sha256));
    await lockHash(sha256, async () => {
      await link(incoming, layout.contentOf(sha256)).catch(ignoring('EEXIST'));
      await linkOrReplace(layout.contentOf(sha256), newLink, incoming);
      await rm(incoming, { force: true }); // it counts as a link
      await showAs(id, newLink);
    });
  }
  async function showAs(id: BlobId, newLink: string): Promise<void> {
    try {
      await ensureDirectory(layout.idFolderOf(id));
      await moveInto(newLink, layout.linkOf(id));
    } finally {
      await rm(newLink, { force: true });
    }
  }
  /** Removes the bytes when no id and no library has them any more. */
  const removeUnneeded = (sha256: string) =>
    lockHash(sha256, async () => {
      const found = await stat(layout.contentOf(sha256)).catch(ignoring('ENOENT'));
      if (found?.nlink === 1) await rm(layout.contentOf(sha256), { force: true });
    });
  /** Lets `change` give the id other bytes or none, then removes those it had if nobody else has them. */
  async function replacing(id: BlobId, change: () => Promise<void>): Promise<void> {
    const before = await digests.find(id).catch(ignoring('ENOENT'));
    await change();
    if (before) await removeUnneeded(before.sha256);
  }

  async function put(
    id: BlobId,
    source: Readable,
    options: { signal?: AbortSignal } = {},
  ): Promise<StoredBlob> {
    const incoming = layout.newIncoming();
    let written: WrittenFile | undefined;
    try {
      layout.linkOf(id); // refuses what is no id before the first byte
      const { size, sha256 } = (written = await writeNewFile(incoming, source, options.signal));
      await lockId(id, async () => {
        await replacing(id, () => addLink(id, incoming, sha256));
        await digests.remember(id, sha256);
      });
      return { id, size, sha256 };
    } catch (error) {
      source.destroy();
      await rm(incoming, { force: true });
      if (written) await removeUnneeded(written.sha256);
      throw error;
    }
  }
  const statBlob = (id: BlobId): Promise<StoredBlob> =>
    lockId(id, async () => ({ id, ...(await digests.find(id)) })).catch(notFound(id));

  async function openBlob(id: BlobId, range?: { start: number; end: number }): Promise<Readable> {
    const file = await open(layout.linkOf(id), 'r').catch(notFound(id));
    const { size } = await file.stat();
    const [start, end] = [Math.max(range?.start ?? 0, 0), Math.min(range?.end ?? Infinity, size - 1)];
    if (start <= end) return file.createReadStream({ start, end });
    await file.close();
    return Readable.from([]);
  }

  async function linkCopy(from: BlobId, to: BlobId): Promise<StoredBlob> {
    const newLink = layout.newIncoming();
    const source = await lockId(from, async () => {
      const found = await digests.find(from);
      await link(layout.linkOf(from), newLink);
      return found;
    }).catch(notFound(from));
    try {
      await lockId(to, async () => {
        await replacing(to, () => showAs(to, newLink));
        await digests.remember(to, source.sha256);
      });
    } catch (error) {
      await rm(newLink, { force: true });
      await removeUnneeded(source.sha256);
      throw error;
    }
    return { ...source, id: to };
  }

  return {
    pathOf: (id) => layout.linkOf(id),
    put,
    stat: statBlob,
    open: openBlob,
    copy: (from, to) =>
      linkCopy(from, to).catch(async (error: unknown) => {
        if (!hasCode(error, 'EMLINK')) throw error;
        return put(to, await openBlob(from));
      }),
    async delete(id) {
      await lockId(id, () =>
        replacing(id, async () => {
          await digests.forget(id); // before the link, so that no digest outlives its id
          await rm(layout.linkOf(id), { force: true });
        }),
      );
    },
    async list({ after = '', limit }) {
      const page: { id: BlobId; storedAt: Date }[] = [];
      for await (const entry of listIds(layout, after)) {
        if (page.length >= limit) break;
        page.push(entry);
      }
      return page;
    },
    waitingFor: () => [],
    close: async () => {},
  };
}

async function openLayout(directory: string, layout: DiskLayout, log: Log): Promise<void> {
  for (const folder of [layout.content, layout.ids, layout.digests, layout.incoming])
    await mkdir(folder, { recursive: true });
  await syncDirectory(directory);
  const unfinished = await removeIncoming(layout);
  const unreferenced = await removeUnreferenced(layout);
  if (unfinished + unreferenced > 0)
    log.warn({ unfinished, unreferenced }, 'removed what a crash left among the blobs');
}

const notFound =
  (id: BlobId) =>
  (error: unknown): never => {
    throw hasCode(error, 'ENOENT') ? new BlobNotFoundError(id) : error;
  };

/** File systems limit the links of one file (65,000 on ext4): a full one hands its name on to the fresh copy. */
async function linkOrReplace(existing: string, newLink: string, fresh: string): Promise<void> {
  try {
    await link(existing, newLink);
  } catch (error) {
    if (!hasCode(error, 'EMLINK')) throw error;
    await rename(fresh, existing);
    await link(existing, newLink);
  }
}
