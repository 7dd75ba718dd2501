import { deu, eng, fra, ita, spa } from 'stopword';

/** Letters that Unicode does not decompose. */
const ligatures: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i' };
/** What OCR reads for a letter. */
const lookAlikes: Record<string, string> = { 0: 'o', 1: 'l', 3: 'e', 5: 's', 8: 'b' };
/** Scripts written without spaces. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Lower case, accents of Latin letters gone, compatibility forms (full width, ligatures) made plain. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßæœøłđı]/g, (letter) => ligatures[letter] ?? letter);
}

/**
 * The words of noisy text in reading order, folded, English plurals made singular, stop words included. Numbers and
 * codes are left out (see numbers.ts), but a digit that stands for a letter (`T0TAL`) is read as that letter.
 */
export function wordsOf(text: string): string[] {
  const runs = fold(text).match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];
  return runs.flatMap((run) => (/^[a-z]{2,}$/.test(run) ? run : segment(run).filter(isWord))).map(singular);
}

function segment(run: string): string[] {
  if (!unspaced.test(run)) return [readDigitsAsLetters(run)];
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(run)].map(
    ({ segment }) => segment,
  );
}

const isWord = (word: string): boolean =>
  /^[\p{L}\p{M}]+$/u.test(word) && (word.length > 1 || unspaced.test(word));

/** Only where at least two thirds are letters: else it is a code. */
function readDigitsAsLetters(word: string): string {
  const digits = word.match(/\p{N}/gu)?.length ?? 0;
  if (digits === 0 || digits * 3 > word.length) return word;
  return word.replace(/[01358]/g, (digit) => lookAlikes[digit] ?? digit);
}

/** Light on purpose: both sides of every comparison go through it, so a wrong stem does no harm. */
function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  return word.slice(0, /(x|ch|sh|ss)es$/.test(word) ? -2 : -1);
}

/** Missing in the package's English list. */
const more = ['not', 'no', 'nor', 'so', 'us', 'am', 'pm', 'shall', 'may', 'yet', 'just', 'then', 'upon'];
const stopWords = new Set([...eng, ...deu, ...fra, ...spa, ...ita, ...more].flatMap((word) => wordsOf(word)));

/** A word of grammar in English, German, French, Spanish or Italian. @param word as `wordsOf` gives it */
export const isStopWord = (word: string): boolean => stopWords.has(word);
