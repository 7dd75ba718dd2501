import { unsortedFolder } from '@image-organizer/contracts/folder-path';
import type { FolderProfile, RankedFolder } from './classifier.ts';
import { estimateTokens } from './cut-text.ts';

/** So many folders a prompt names, however many the owner has. */
export const mostCandidates = 12;

/** Tokens, about, of all that a prompt says of them, so that it costs the same whatever the folders are called. */
const listTokens = 560;

/** What is said of each, in letters, and how many words: the first that fits. Names are cut last, for they are chosen. */
const shapes = [
  { label: 80, about: 60, words: 8 },
  { label: 80, about: 60, words: 6 },
  { label: 80, about: 60, words: 4 },
  { label: 80, about: 40, words: 3 },
  { label: 80, about: 30, words: 2 },
  { label: 64, about: 20, words: 1 },
  { label: 48, about: 0, words: 0 },
  { label: 32, about: 0, words: 0 },
  { label: 16, about: 0, words: 0 },
] as const;
type Shape = (typeof shapes)[number];
const longestWord = 20;

/** Answers that are no folder. */
export const newFolderLabel = '(new folder)';
export const unclearLabel = '(unclear)';

/** A folder that the model may choose. */
export interface LlmCandidate extends Pick<FolderProfile, 'path' | 'description' | 'commonWords'> {
  /** What the model is told instead of the path: cut, on one line, unlike any other's. */
  label: string;
  /** What the prompt says of it. */
  line: string;
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
  return fit([...best, ...others].slice(0, mostCandidates));
}

type Chosen = Omit<LlmCandidate, 'label' | 'line'>;

function fit(chosen: Chosen[]): LlmCandidate[] {
  const written = shapes.values().map((shape) => write(chosen, shape));
  return written.find((candidates) => tokensOf(candidates) <= listTokens) ?? write(chosen, shapes.at(-1)!);
}

/** A name stands twice: in the list and among the answers that the schema allows. */
const tokensOf = (candidates: LlmCandidate[]): number =>
  estimateTokens(candidates.map(({ label, line }) => label + line).join('\n'));

function write(chosen: Chosen[], shape: Shape): LlmCandidate[] {
  const taken = new Set<string>([newFolderLabel, unclearLabel]);
  return chosen.map((candidate) => {
    const plain = cutMiddle(candidate.path, shape.label);
    let label = plain;
    for (let nth = 2; taken.has(label); nth++) label = `${plain} (${nth})`;
    taken.add(label);
    return { ...candidate, label, line: lineOf(label, candidate, shape) };
  });
}

function lineOf(label: string, { description, commonWords }: Chosen, { about, words }: Shape): string {
  return JSON.stringify({
    folder: label,
    about: about > 0 ? oneLine(description, about) : undefined,
    words: words > 0 ? commonWords.slice(0, words).map((word) => oneLine(word, longestWord)) : undefined,
  });
}

/** @returns the path on one line, cut in the middle: paths that begin alike end differently */
function cutMiddle(path: string, length: number): string {
  const letters = [...oneLine(path, Infinity)];
  if (letters.length <= length) return letters.join('');
  const half = (length - 1) / 2;
  return `${letters.slice(0, Math.floor(half)).join('')}…${letters.slice(-Math.ceil(half)).join('')}`;
}

/** @returns the text on one line, cut, the cut shown */
export function oneLine(text: string, length: number): string {
  const letters = [...text.replace(/[\s\p{C}]+/gu, ' ').trim()];
  return letters.length <= length ? letters.join('') : `${letters.slice(0, length - 1).join('')}…`;
}
