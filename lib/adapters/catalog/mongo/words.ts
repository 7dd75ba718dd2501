import type { ImageRecord } from '../records.ts';
import { searchWords } from '../search-words.ts';

/** Each is an entry of the index: the first words of a very long text must do. */
const maxWords = 2_000;
const maxLength = 64;

type Described = Pick<ImageRecord, 'filename' | 'caption' | 'tags' | 'placement' | 'text'>;

/** The distinct words an image is found by, without case and accents; those people gave come before the text's. */
export const wordsOf = ({ filename, caption, tags, placement, text }: Described): string[] =>
  [
    ...new Set(
      foldedWords([filename, caption ?? '', ...tags, placement?.folder ?? '', text ?? ''].join('\n')),
    ),
  ].slice(0, maxWords);

/** The words of what a person typed or an image shows, as they are stored. */
export const foldedWords = (text: string): string[] =>
  searchWords(text.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '')).map((word) =>
    word.slice(0, maxLength),
  );
