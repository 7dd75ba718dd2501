import { unsortedFolder } from '@image-organizer/contracts/folder-path';
import type { FolderProfile, RankedFolder } from './classifier.ts';

/** So many folders a prompt names, however many the owner has. */
export const mostCandidates = 12;

/** Letters, so that a prompt stays short whatever the folders are called. */
const longest = { label: 80, description: 60, word: 20 } as const;
const mostWords = 4;

/** Answers that are no folder. */
export const newFolderLabel = '(new folder)';
export const unclearLabel = '(unclear)';

/** A folder that the model may choose. */
export interface LlmCandidate extends Pick<FolderProfile, 'path' | 'description' | 'commonWords'> {
  /** What the model is told instead of the path: cut, on one line, unlike any other's. */
  label: string;
  /** Of the image, where the local classifier knows some. */
  matchedWords: string[];
}

/**
 * The folders worth asking about: the local classifier's best, existing and proposed, then others of the owner's
 * (a person's first), for a picture without words is like none of them by words.
 */
export function chooseCandidates(ranked: RankedFolder[], folders: FolderProfile[]): LlmCandidate[] {
  const best = ranked.slice(0, mostCandidates).map(({ folder, ...rest }) => ({ path: folder, ...rest }));
  const named = new Set([unsortedFolder, ...best.map(({ path }) => path)]);
  const others = folders
    .filter(({ path }) => !named.has(path))
    .sort((one, other) => Number(other.createdBy === 'user') - Number(one.createdBy === 'user'))
    .map((folder) => ({ ...folder, matchedWords: [] }));
  return label([...best, ...others].slice(0, mostCandidates));
}

/** One line per candidate: what the prompt says of it. */
export function describeCandidate({ label, description, commonWords }: LlmCandidate): string {
  const words = commonWords.slice(0, mostWords).map((word) => oneLine(word, longest.word));
  return JSON.stringify({ folder: label, about: oneLine(description, longest.description), words });
}

/** @returns the text on one line, cut, the cut shown */
export function oneLine(text: string, length: number): string {
  const letters = [...text.replace(/[\s\p{C}]+/gu, ' ').trim()];
  return letters.length <= length ? letters.join('') : `${letters.slice(0, length - 1).join('')}…`;
}

function label(candidates: Omit<LlmCandidate, 'label'>[]): LlmCandidate[] {
  const taken = new Set<string>([newFolderLabel, unclearLabel]);
  return candidates.map(({ path, description, commonWords, matchedWords }) => {
    const plain = oneLine(path, longest.label);
    let label = plain;
    for (let nth = 2; taken.has(label); nth++) label = `${plain} (${nth})`;
    taken.add(label);
    return { label, path, description, commonWords, matchedWords };
  });
}
