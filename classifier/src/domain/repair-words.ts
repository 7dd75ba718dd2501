import { distance } from 'fastest-levenshtein';

/** Shorter words have too many neighbours: with another letter (summer, simmer) more than with one too many or few. */
const shortestMisread = { otherLetter: 7, otherLength: 6 } as const;
const shortestPart = 4;

/**
 * Reads what OCR garbled: words run together (`grandtotal`, `invoicedate`) and words with one letter wrong, missing or
 * too many (`recept`), where the result is in the vocabulary. Anything else stays as it is.
 *
 * @param terms words and phrases (words with spaces between), as `wordsOf` gives them
 */
export function createWordRepair(terms: Iterable<string>): (word: string) => string[] {
  const phrases = [...new Set(terms)];
  const vocabulary = new Set(phrases.flatMap((phrase) => phrase.split(' ')));
  const runTogether = new Map(phrases.map((phrase) => [phrase.replaceAll(' ', ''), phrase.split(' ')]));
  const byLength = Map.groupBy(vocabulary, (word) => word.length);
  return (word) => {
    if (vocabulary.has(word)) return [word];
    return runTogether.get(word) ?? split(word, vocabulary) ?? [misread(word, byLength) ?? word];
  };
}

function split(word: string, vocabulary: Set<string>): string[] | undefined {
  for (let at = shortestPart; at <= word.length - shortestPart; at++) {
    const parts = [word.slice(0, at), word.slice(at)];
    if (parts.every((part) => vocabulary.has(part))) return parts;
  }
  return undefined;
}

function misread(word: string, byLength: Map<number, string[]>): string | undefined {
  const near = (length: number, shortest: number) =>
    Math.min(length, word.length) < shortest
      ? undefined
      : byLength.get(length)?.find((known) => distance(word, known) === 1);
  const { otherLetter, otherLength } = shortestMisread;
  return (
    near(word.length, otherLetter) ?? near(word.length + 1, otherLength) ?? near(word.length - 1, otherLength)
  );
}
