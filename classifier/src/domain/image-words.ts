import type { ImageToClassify } from './classifier.ts';
import { countryAt } from './country.ts';
import { isStopWord, wordsOf } from './words.ts';

/** Letters of text that are looked at: more than the fullest page has. */
const longestText = 20_000;

/** How much a word counts by where it stands: a person wrote the name, OCR guessed the text. */
const sourceWeights = { filename: 1.5, text: 1, repaired: 0.8, metadata: 0.5 } as const;

/** The words of one image. */
export interface ImageWords {
  /** Words and phrases of two and three words, stop words included, with the weight of the best place each stands in. */
  terms: Map<string, number>;
  /** Words without stop words, weighted by place and frequency: for the comparison with folders. */
  bag: Map<string, number>;
  /** Words in the text. */
  length: number;
}

/** The part of the text that is looked at. */
export const textOf = (image: Pick<ImageToClassify, 'text'>): string =>
  (image.text ?? '').slice(0, longestText);

/** @param repair see repair-words.ts */
export function wordsOfImage(image: ImageToClassify, repair: (word: string) => string[]): ImageWords {
  const read = wordsOf(textOf(image));
  const repaired = read.flatMap(repair);
  const sources = [
    { words: read, weight: sourceWeights.text },
    { words: repaired, weight: sourceWeights.repaired },
    { words: filenameWords(image.filename), weight: sourceWeights.filename },
    { words: metadataWords(image.metadata), weight: sourceWeights.metadata },
  ];
  const terms = new Map<string, number>();
  for (const { words, weight } of sources) {
    for (const term of phrasesOf(words)) terms.set(term, Math.max(weight, terms.get(term) ?? 0));
  }
  return { terms, bag: bagOf([...read, ...repaired], terms), length: read.length };
}

/** `telekom_InvoiceMarch.pdf.jpg` → telekom, invoice, march, pdf */
const filenameWords = (filename: string): string[] =>
  wordsOf(
    filename
      .replace(/\.\w{1,5}$/, '')
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .replaceAll('_', ' '),
  );

/** Country, camera and year of taking; the year is a word here, for folders are named by years. */
function metadataWords(metadata: ImageToClassify['metadata']): string[] {
  const country = metadata?.location ? countryAt(metadata.location) : undefined;
  return [
    ...wordsOf(`${country ?? ''} ${metadata?.camera ?? ''}`),
    metadata?.takenAt?.slice(0, 4) ?? '',
  ].filter(Boolean);
}

function* phrasesOf(words: string[]): Generator<string> {
  for (let at = 0; at < words.length; at++) {
    for (let size = 1; size <= 3 && at + size <= words.length; size++)
      yield words.slice(at, at + size).join(' ');
  }
}

function bagOf(words: string[], terms: Map<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 0.5);
  const single = [...terms].filter(([term]) => !term.includes(' ') && !isStopWord(term));
  return new Map(
    single.map(([word, weight]) => [word, weight * (1 + Math.log(Math.max(1, counts.get(word) ?? 1)))]),
  );
}
