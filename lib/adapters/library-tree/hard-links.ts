import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlobNotFoundError, type BlobId } from '../blob-store/blob-store.ts';
import { ensureDirectory, hasCode, ignoring, moveInto } from '../durable-files.ts';
import { safeName } from './safe-name.ts';
import { noLibraryTree, type LibraryPath, type LibraryTree } from './library-tree.ts';

/** Something that is no folder stands where a folder of the library has to be: a symbolic link, a file. */
export class LibraryBlockedError extends Error {
  override name = 'LibraryBlockedError';
  constructor(path: string) {
    super(`${path} is not a folder: move it away`);
  }
}

/** Between being entered and used, a folder may go because its last file did; so often in a row, it is something else. */
const tries = 5;

/**
 * The library as files: hard links to the blobs, so that it costs no space; copies where the file system has none.
 * Symbolic links inside the library are never followed. Unfinished files lie in `<directory>/.incoming`.
 * @param options.blobs says where a blob's file is, for example a DiskBlobStore
 */
export function createHardLinkLibrary({
  directory,
  blobs,
}: {
  directory: string;
  blobs: { pathOf(id: BlobId): string };
}): LibraryTree {
  const incoming = join(directory, '.incoming');
  const foldersOf = ({ owner, folder }: LibraryPath) =>
    [owner, ...folder.split('/').filter((segment) => segment !== '')].map((name) => safeName(name));

  async function moveToPlace(temporary: string, path: LibraryPath): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const folder = await enterFolder(directory, foldersOf(path));
        return await moveInto(temporary, join(folder, safeName(path.filename)));
      } catch (error) {
        if (attempt === tries || !hasCode(error, 'ENOENT')) throw error;
      }
    }
  }

  return {
    ...noLibraryTree,
    async place(blob, path) {
      await mkdir(incoming, { recursive: true });
      const temporary = join(incoming, randomUUID());
      try {
        await linkOrCopy(blobs.pathOf(blob), temporary).catch((error: unknown) => {
          throw hasCode(error, 'ENOENT') ? new BlobNotFoundError(blob) : error;
        });
        await moveToPlace(temporary, path);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async remove(path) {
      const folder = await findFolder(directory, foldersOf(path));
      if (!folder) return;
      await unlink(join(folder, safeName(path.filename))).catch(ignoring('ENOENT'));
      await removeEmptyFolders(folder, directory);
    },
  };
}

/** Walks down, making what is missing. @throws LibraryBlockedError */
async function enterFolder(directory: string, segments: string[]): Promise<string> {
  let path = directory;
  for (const segment of segments) {
    path = join(path, segment);
    await ensureDirectory(path);
    if (!(await lstat(path)).isDirectory()) throw new LibraryBlockedError(path);
  }
  return path;
}

/** Walks down what is there. @returns undefined where the folder is not, or is somebody's link to elsewhere */
async function findFolder(directory: string, segments: string[]): Promise<string | undefined> {
  let path = directory;
  for (const segment of segments) {
    path = join(path, segment);
    const found = await lstat(path).catch(ignoring('ENOENT', 'ENOTDIR'));
    if (!found?.isDirectory()) return undefined;
  }
  return path;
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // Another file system, one without hard links, or a file that has all the links it can have.
    if (!hasCode(error, 'EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    await copyDurably(from, to);
  }
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const copy = await open(to, 'r');
  try {
    await copy.sync();
  } finally {
    await copy.close();
  }
}

/** From `folder` upwards, as far as they are empty; never the library itself. */
async function removeEmptyFolders(folder: string, library: string): Promise<void> {
  for (let path = folder; path !== library; path = dirname(path)) {
    const removed = await rmdir(path).then(() => true, ignoring('ENOTEMPTY', 'EEXIST', 'ENOENT'));
    if (!removed) return;
  }
}
