import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@image-organizer/platform/clock';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import type { Service } from '@image-organizer/platform/service';
import { inspect, listInbox, moveOut, type InboxFile } from './inbox-files.ts';
import { FileChangedError, type UploadInboxFile } from './inbox-upload.ts';

export interface InboxOptions {
  directory: string;
  upload: UploadInboxFile;
  clock: Clock;
  log: Log;
  everyMs?: number;
}

/** A file that kept its size and time for so long is taken for finished. */
export const settledMs = 2_000;
/** After a failure that is not the file's fault. */
const retryMs = 30_000;

interface Seen extends InboxFile {
  /** Not before this time, ms. */
  due: number;
}

/**
 * The watch folder: whatever lies in it is uploaded and then moved to `done/` or `refused/`, there with the reason in a
 * file beside it. It is looked through again and again rather than watched: no notification comes from network drives
 * and virtual machines' folders, and the list is needed for half-written files in any case.
 */
export function createInbox({ directory, upload, clock, log, everyMs = 1_000 }: InboxOptions): Service & {
  /** One look at everything in it. */
  look(): Promise<void>;
} {
  let seen = new Map<string, Seen>();
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();

  async function look(): Promise<void> {
    const now = clock.now().getTime();
    const found = await listInbox(directory);
    seen = new Map(
      found.map((file) => [
        file.path,
        sameAs(file, seen.get(file.path)) ?? { ...file, due: now + settledMs },
      ]),
    );
    for (const file of seen.values()) {
      if (stopping) return;
      if (file.due <= now) await take(file);
    }
  }

  async function take(file: Seen): Promise<void> {
    const { path, size } = file;
    const at = join(directory, path);
    const isUnchanged = async () => sameAs(file, await inspect(directory, at)) !== undefined;
    try {
      const refusal = await upload({ path, at, size, isUnchanged });
      await moveOut(directory, path, refusal ? 'refused' : 'done', refusal?.detail);
      seen.delete(path);
      log.info({ outcome: refusal?.code ?? 'stored' }, 'took a file from the inbox');
    } catch (error) {
      const unfinished = error instanceof FileChangedError;
      file.due = clock.now().getTime() + (unfinished ? settledMs : retryMs);
      if (!unfinished) log.warn({ path, reason: messageOf(error) }, 'a file stays in the inbox');
    }
  }

  async function lookAgain(): Promise<void> {
    const failed = await look().then(
      () => false,
      (error: unknown) => {
        log.warn({ reason: messageOf(error) }, 'the inbox cannot be read');
        return true;
      },
    );
    if (!stopping) timer = setTimeout(begin, failed ? retryMs : everyMs).unref();
  }
  const begin = () => void (looking = lookAgain());

  return {
    name: 'inbox',
    look,
    async start() {
      await mkdir(directory, { recursive: true });
      begin();
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

/** @returns `known` where nothing has changed in the file since */
const sameAs = <Known extends InboxFile>(file: InboxFile, known: Known | undefined): Known | undefined =>
  known?.size === file.size && known.modifiedMs === file.modifiedMs ? known : undefined;
