import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** True when `error` comes from the operating system with one of these codes (ENOENT, EEXIST…). */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');

/** A `catch` handler that lets errors with these codes pass as undefined. */
export const ignoring =
  (...codes: string[]) =>
  (error: unknown): undefined => {
    if (!hasCode(error, ...codes)) throw error;
  };

/** After it, the names in the directory survive a power cut. fsync of a file alone does not promise its name. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes one directory in an existing one, if it is missing. */
export async function ensureDirectory(path: string): Promise<void> {
  const made = await mkdir(path).then(() => true, ignoring('EEXIST'));
  if (made) await syncDirectory(dirname(path));
}

/**
 * Gives the file `from` the name `to` in one step, replacing what has it; both in one file system. Where both are links to
 * one file, rename(2) does nothing and `from` stays: the caller removes it in any case.
 */
export async function moveInto(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncDirectory(dirname(to));
}
