import { article } from './describe-image.ts';
import type { Candidate } from './rank-folders.ts';

const mostNamed = 5;

/** One sentence a person understands: why the image goes into this folder. */
export function explainChoice({ folder, kind, learnt, matchedWords, means }: Candidate): string {
  const grounds = [wordsPhrase(matchedWords), ...means].filter((ground) => ground !== '');
  const claim =
    learnt || kind === null ? `It is like what is in “${folder}”` : `It looks like ${article(kind)} ${kind}`;
  return grounds.length > 0 ? `${claim}: it has ${list(grounds)}.` : `${claim}, by its name and shape.`;
}

/** Why nobody but a person can say where it goes. */
export function explainDoubt(best: Candidate | undefined): string {
  if (best === undefined) return 'It has no text, and nothing else says what it is.';
  const grounds = best.matchedWords.length > 0 ? ` (${wordsPhrase(best.matchedWords)})` : '';
  return `Too little says what it is: “${best.folder}” fits best${grounds}, but not clearly.`;
}

export const explainRequest = 'You chose this folder when you uploaded it.';

export const explainDuplicate = (filename: string, folder: string): string =>
  `It is the same picture as “${filename}”, which is in “${folder}”.`;

function wordsPhrase(words: string[]): string {
  const named = words.slice(0, mostNamed).map((word) => `“${word}”`);
  if (named.length === 0) return '';
  return `the ${named.length === 1 ? 'word' : 'words'} ${list(named)}`;
}

const list = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
