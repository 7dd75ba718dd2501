import { distance } from 'fastest-levenshtein';
import type { FolderRecord } from '@image-organizer/adapters/catalog/records';

/** What is compared: `Bank-Statements`, `bank statement` and `Bänk statements` are one. Digits stay: 2023 is not 2024. */
const normalize = (path: string) =>
  path.split('/').map((segment) =>
    segment
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
      .split(' ')
      .map((word) => word.replace(/ies$/, 'y').replace(/(?<=.{3})s$/, ''))
      .join(' '),
  );

const digits = (text: string) => text.replace(/\D+/g, ' ').trim();

/** One typing error in a word of five letters or more, two from ten on. */
function alike(a: string, b: string): boolean {
  if (a === b) return true;
  if (digits(a) !== digits(b)) return false;
  const shorter = Math.min(a.length, b.length);
  return shorter >= 5 && distance(a, b) <= (shorter >= 10 ? 2 : 1);
}

/** The same words: at least five each, and three of four shared. */
function sameWords(a: string[], b: string[]): boolean {
  if (a.length < 5 || b.length < 5) return false;
  const words = new Set(a);
  const shared = b.filter((word) => words.has(word)).length;
  return shared / (a.length + b.length - shared) >= 0.75;
}

/** The existing folder that a proposed one nearly equals: by its name (case, plural, punctuation, a typing error) or its words. */
export function findSimilarFolder(
  proposed: { path: string; commonWords: string[] },
  folders: FolderRecord[],
): FolderRecord | undefined {
  const wanted = normalize(proposed.path);
  const byName = folders.find(({ path }) => {
    const segments = normalize(path);
    return (
      segments.length === wanted.length && segments.every((segment, index) => alike(segment, wanted[index]!))
    );
  });
  return (
    byName ??
    folders.find(
      (folder) => siblings(folder.path, proposed.path) && sameWords(folder.commonWords, proposed.commonWords),
    )
  );
}

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const siblings = (a: string, b: string) => parentOf(a) === parentOf(b);
