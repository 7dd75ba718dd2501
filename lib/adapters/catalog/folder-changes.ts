import type { FolderRecord } from './records.ts';

/** What people do with folders. Their images are moved one by one: see `CorrectionCatalog.correctImage`, `relocate`. */
export interface FolderChangeCatalog {
  /**
   * `to` takes the place of `from`: it has its description and words beside its own, and whatever names `from`, or a
   * path below it that is no folder, means `to` from now on (`FolderRecord.formerPaths`). `from` is no folder any more.
   * Repeating it changes nothing.
   */
  moveFolder(move: { ownerId: string; from: string; to: string; now: Date }): Promise<void>;
  /** @returns false where there is no such folder */
  describeFolder(described: { ownerId: string; path: string; description: string }): Promise<boolean>;
  /**
   * Forgets the folder and those below it, if no image is in any of them; those in the trash do not count.
   * @returns how many images are in them: 0 when they are gone
   */
  removeFolder(ownerId: string, path: string): Promise<number>;
}

/** The part of a folder that goes with it. */
export type FolderContent = Pick<FolderRecord, 'description' | 'commonWords' | 'createdBy'> & {
  /** Those it was created with. */
  initialWords: string[];
};

const mostWords = 50;

/**
 * What the target of a move is: its own description where it has one, the words of both.
 * @param target undefined where there is none yet: a person named it
 */
export const united = (
  source: FolderContent | undefined,
  target: FolderContent | undefined,
): FolderContent => ({
  description: target?.description || source?.description || '',
  createdBy: target?.createdBy ?? 'user',
  commonWords: unitedWords(target?.commonWords, source?.commonWords),
  initialWords: unitedWords(target?.initialWords, source?.initialWords),
});

const unitedWords = (own: string[] = [], other: string[] = []): string[] =>
  [...new Set([...own, ...other])].slice(0, mostWords);
