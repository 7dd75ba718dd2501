import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Quota } from '@image-organizer/contracts/http/access-token';
import { acceptUpload, type AcceptDependencies } from '@image-organizer/gateway/domain/accept-upload';
import { NothingAcceptedError } from '@image-organizer/gateway/domain/refusal';
import { createFileReceiver } from '@image-organizer/pipeline/intake/receive-files';
import { tooLarge, type Refusal } from '@image-organizer/pipeline/intake/refusal';

export interface InboxUploadOptions extends AcceptDependencies {
  blobs: BlobStore;
  /** Whose images they become. */
  owner: { id: string; email: string };
  /** The owner's, as it is now. */
  quotaOf: () => Promise<Quota>;
  /** Bytes. */
  maxBytes: number;
}

/** Bytes of a file in the inbox that changed while they were read: it is not finished after all. */
export class FileChangedError extends Error {
  override name = 'FileChangedError';
  constructor() {
    super('the file changed while it was read');
  }
}

/** @returns the refusal, or null: it is an image now. @throws FileChangedError, StorageUnavailableError */
export type UploadInboxFile = (file: {
  /** In the inbox: part of what makes the file the same one after a restart. */
  path: string;
  /** Where its bytes are. */
  at: string;
  size: number;
  isUnchanged: () => Promise<boolean>;
}) => Promise<Refusal | null>;

/**
 * Uploads as POST /upload does, each file as a batch of its own, without an email: of hundreds of files dropped at once
 * there would be hundreds. The same content under the same path is the same upload, however often it is repeated.
 */
export function createInboxUpload(options: InboxUploadOptions): UploadInboxFile {
  const { owner, quotaOf, maxBytes } = options;
  return async ({ path, at, size, isUnchanged }) => {
    if (size > maxBytes) return tooLarge(maxBytes);
    const sha256 = await sha256Of(at);
    const receiver = createFileReceiver({ ...options, ownerId: owner.id });
    let imageIds: string[] = [];
    try {
      await receiver.receive(path, createReadStream(at));
      const file = receiver.files[0]!;
      if (!(await isUnchanged())) throw new FileChangedError();
      if ('refused' in file) return file.refused;
      if (file.stored.sha256 !== sha256) throw new FileChangedError();
      const idempotencyKey = `inbox:${createHash('sha256').update(`${path}\0${sha256}`).digest('hex')}`;
      const order = {
        owner: { ...owner, quota: await quotaOf() },
        ...{ files: [file], folder: null, notify: false, callbackUrl: null },
        ...{ idempotencyKey, requestId: null },
      };
      const { images } = await acceptUpload(options, order);
      imageIds = images.map(({ id }) => id);
      return null;
    } catch (error) {
      if (error instanceof NothingAcceptedError) return error.refused[0]!;
      throw error;
    } finally {
      await receiver.discardUnused(imageIds);
    }
  };
}

async function sha256Of(at: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(at), hash);
  return hash.digest('hex');
}
