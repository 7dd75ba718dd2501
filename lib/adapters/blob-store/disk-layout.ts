import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BlobId } from './blob-store.ts';

/**
 * Where a disk blob store keeps what:
 *
 * - `content/<2 hex>/<sha256>`  the bytes, once
 * - `ids/_<2>/_<id>`            a hard link to them per id: the truth about which ids exist
 * - `digests/_<2>/_<id>`        which hash that link has; a cache, see disk-digests.ts
 * - `incoming/`                 what is being written; worthless after a crash
 *
 * Ids are spread by their own first two characters, so that folders in ascending order are ids in ascending order. The
 * underscore makes a harmless name of the ids `.` and `..`.
 */
export interface DiskLayout {
  readonly content: string;
  readonly ids: string;
  readonly digests: string;
  readonly incoming: string;
  contentFolderOf(sha256: string): string;
  contentOf(sha256: string): string;
  idFolderOf(id: BlobId): string;
  /** @throws TypeError when it is no blob id */
  linkOf(id: BlobId): string;
  digestFolderOf(id: BlobId): string;
  digestOf(id: BlobId): string;
  /** A name that nothing has yet, in the same file system. */
  newIncoming(): string;
}

const fileNameOf = (id: BlobId) => `_${id}`;
export const shardNameOf = (id: BlobId): string => `_${id.slice(0, 2)}`;
export const idOfFileName = (name: string): BlobId => name.slice(1);

export function createDiskLayout(directory: string): DiskLayout {
  const [content, ids, digests, incoming] = ['content', 'ids', 'digests', 'incoming'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  const contentFolderOf = (sha256: string) => join(content, sha256.slice(0, 2));
  const idFolderOf = (id: BlobId) => join(ids, shardNameOf(id));
  const digestFolderOf = (id: BlobId) => join(digests, shardNameOf(id));
  return {
    content,
    ids,
    digests,
    incoming,
    contentFolderOf,
    contentOf: (sha256) => join(contentFolderOf(sha256), sha256),
    idFolderOf,
    linkOf(id) {
      if (!/^[A-Za-z0-9._-]{1,200}$/.test(id))
        throw new TypeError(`not a blob id: ${JSON.stringify(id.slice(0, 80))}`);
      return join(idFolderOf(id), fileNameOf(id));
    },
    digestFolderOf,
    digestOf: (id) => join(digestFolderOf(id), fileNameOf(id)),
    newIncoming: () => join(incoming, randomUUID()),
  };
}

export const sha256 = () => createHash('sha256');
