import { extname } from 'node:path';
import { nameKey } from './cursor.ts';

/** `name` and `.ext` of a filename; a leading dot begins a name. */
export function splitFilename(filename: string): { stem: string; extension: string } {
  const extension = extname(filename);
  return { stem: filename.slice(0, filename.length - extension.length), extension };
}

/**
 * `filename` or the first of `name (2).ext`, `name (3).ext`… that is free.
 * @param taken by `nameKey`
 */
export function firstFreeFilename(filename: string, taken: ReadonlySet<string>): string {
  const { stem, extension } = splitFilename(filename);
  for (let candidate = filename, number = 2; ; number++) {
    if (!taken.has(nameKey(candidate))) return candidate;
    candidate = `${stem} (${number})${extension}`;
  }
}
