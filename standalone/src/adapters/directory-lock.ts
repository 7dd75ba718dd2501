import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class DirectoryInUseError extends Error {
  override name = 'DirectoryInUseError';
  constructor(directory: string) {
    super(`Another process uses ${directory}: stop it, or set DATA_DIR to another folder.`);
  }
}

/**
 * One process per data directory: two would each take the other's work for abandoned. SQLite's lock is the operating
 * system's, so it ends with the process, however that ends.
 * @throws DirectoryInUseError
 */
export function lockDirectory(directory: string): { release(): void } {
  const database = new DatabaseSync(join(directory, 'lock.db'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    throw new DirectoryInUseError(directory);
  }
  return { release: () => database.close() };
}
