import { lstat, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { splitFilename } from '@image-organizer/adapters/catalog/free-filename';
import { hasCode, ignoring } from '@image-organizer/adapters/durable-files';

/** Where files end up, below the inbox itself. */
export type Outcome = 'done' | 'refused';
const outcomes = ['done', 'refused'] satisfies Outcome[];

/** A file lying in the inbox. */
export interface InboxFile {
  /** Relative to the inbox, with `/`. */
  path: string;
  /** Bytes. */
  size: number;
  modifiedMs: number;
}

/** What other programs write until a file is complete, and files that are no person's. */
const unfinished = /^\.|~$|\.(part|partial|crdownload|download|tmp)$/i;

/** Files of the inbox and its sub-folders, but for hidden ones, unfinished downloads and symbolic links. */
export async function listInbox(inbox: string): Promise<InboxFile[]> {
  const files: InboxFile[] = [];
  const visit = async (directory: string): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true }).catch(ignoring('ENOENT'));
    for (const entry of entries?.sort((a, b) => (a.name < b.name ? -1 : 1)) ?? []) {
      const at = join(directory, entry.name);
      if (unfinished.test(entry.name) || (directory === inbox && outcomes.includes(entry.name as Outcome)))
        continue;
      if (entry.isDirectory()) await visit(at);
      else if (entry.isFile()) {
        const file = await inspect(inbox, at);
        if (file) files.push(file);
      }
    }
  };
  await visit(inbox);
  return files;
}

/** @returns undefined where there is no such file any more */
export async function inspect(inbox: string, at: string): Promise<InboxFile | undefined> {
  const found = await lstat(at).catch(ignoring('ENOENT', 'ENOTDIR'));
  if (!found?.isFile()) return undefined;
  const path = relative(inbox, at).replaceAll('\\', '/');
  return { path, size: found.size, modifiedMs: found.mtimeMs };
}

/**
 * Moves a file to `done/` or `refused/`, with its sub-folders; never over another, which gets it a number.
 * @param reason goes into `<name>.reason.txt` beside it, written first: after a crash in between it is written again
 */
export async function moveOut(inbox: string, path: string, to: Outcome, reason?: string): Promise<void> {
  const target = await freePath(join(inbox, to, path));
  await mkdir(dirname(target), { recursive: true });
  if (reason !== undefined) await writeFile(reasonOf(target), `${reason}\n`);
  await rename(join(inbox, path), target);
}

const reasonOf = (path: string) => `${path}.reason.txt`;

async function freePath(path: string): Promise<string> {
  const { stem, extension } = splitFilename(path);
  for (let candidate = path, number = 2; ; number++) {
    if (!(await exists(candidate))) return candidate;
    candidate = `${stem} (${number})${extension}`;
  }
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
