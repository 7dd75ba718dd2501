import { createReadStream } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { ensureDirectory, ignoring } from '../durable-files.ts';
import type { BlobId } from './blob-store.ts';
import { sha256, type DiskLayout } from './disk-layout.ts';

/**
 * Which hash the bytes of an id have, without reading them: a small file per id that says `<inode>:<mtime> <sha256>`.
 * It is believed only while the id's link is that very file. So it needs no fsync and no order of writing: after a
 * crash it is missing, cut short or of an older version, and then the bytes are hashed once more.
 */
export interface DiskDigests {
  /** @returns size in bytes and hash. @throws ENOENT when the id is unknown */
  find(id: BlobId): Promise<{ size: number; sha256: string }>;
  /** Never rejects. */
  remember(id: BlobId, sha256: string): Promise<void>;
  forget(id: BlobId): Promise<void>;
}

const fingerprintOf = async (path: string) => {
  const { ino, mtimeNs, size } = await stat(path, { bigint: true });
  return { fingerprint: `${ino}:${mtimeNs}`, size: Number(size) };
};

export function createDiskDigests(layout: DiskLayout, log: Log): DiskDigests {
  async function remembered(id: BlobId, fingerprint: string): Promise<string | undefined> {
    const line = await readFile(layout.digestOf(id), 'latin1').catch(ignoring('ENOENT'));
    const [of, hash] = line?.split(' ') ?? [];
    return of === fingerprint && /^[0-9a-f]{64}$/.test(hash ?? '') ? hash : undefined;
  }
  async function write(id: BlobId, hash: string, temporary: string): Promise<void> {
    const { fingerprint } = await fingerprintOf(layout.linkOf(id));
    await writeFile(temporary, `${fingerprint} ${hash}`, { flag: 'wx' });
    await ensureDirectory(layout.digestFolderOf(id));
    await rename(temporary, layout.digestOf(id));
  }
  // A cache may fail to be written: the bytes are safe, and hashed again when somebody asks.
  async function remember(id: BlobId, hash: string): Promise<void> {
    const temporary = layout.newIncoming();
    try {
      await write(id, hash, temporary);
    } catch (error) {
      log.warn({ blob: id, reason: messageOf(error) }, 'the hash of a blob could not be noted');
      await rm(temporary, { force: true });
    }
  }
  async function hashAgain(id: BlobId): Promise<string> {
    const hash = sha256();
    await pipeline(createReadStream(layout.linkOf(id)), hash);
    return hash.digest('hex');
  }

  return {
    async find(id) {
      const { fingerprint, size } = await fingerprintOf(layout.linkOf(id));
      const known = await remembered(id, fingerprint);
      if (known) return { size, sha256: known };
      const found = await hashAgain(id);
      await remember(id, found);
      return { size, sha256: found };
    },
    remember,
    forget: (id) => rm(layout.digestOf(id), { force: true }),
  };
}
