import type { Reading, Word } from './ocr-engine.ts';

/** What is kept of a reading as the image's text. */
export interface ImageText {
  /** Lines by \n; empty when there is no text. */
  text: string;
  /** 0 to 100: mean of the words kept; null when there is no text. */
  textConfidence: number | null;
  language: string | null;
}

export const noText: ImageText = { text: '', textConfidence: null, language: null };

/** Under it a word is a guess: it is not shown, not searched, not classified on. */
const leastConfidence = 50;
/** A word that is hardly an accident: letters in a row, surely read. */
const credible = { letters: 3, confidence: 70 };
/**
 * The part of all letters found that has to stand in credible words. Pages come out at a third and more even when they
 * are badly read, upside-down pages and textures at a tenth.
 */
const leastCredibleShare = 0.2;

/** The words worth keeping, or none when the whole looks like texture read as letters: a photo comes out empty. */
export function textOf(reading: Reading): ImageText {
  if (!isBelievable(reading)) return noText;
  const lines = reading.lines
    .map(({ words }) => words.filter(({ confidence }) => confidence >= leastConfidence))
    .filter((words) => words.length > 0);
  return {
    text: lines.map((words) => words.map(({ text }) => text).join(' ')).join('\n'),
    textConfidence: meanConfidence(lines.flat()),
    language: reading.language,
  };
}

export const wordsOf = ({ lines }: Reading): Word[] => lines.flatMap(({ words }) => words);

/** One surely read word is enough where it is most of what was found; two short accidents are not. */
function isBelievable(reading: Reading): boolean {
  const words = wordsOf(reading);
  const inCredibleWords = lettersIn(words.filter(isCredible));
  return inCredibleWords > 0 && inCredibleWords >= leastCredibleShare * lettersIn(words);
}

const isCredible = (word: Word) =>
  word.confidence >= credible.confidence && letterCount(word) >= credible.letters;

export const letterCount = ({ text }: Word) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;

const lettersIn = (words: Word[]) => words.reduce((sum, word) => sum + letterCount(word), 0);

/** 0 to 100, one decimal; 0 without words. */
export const meanConfidence = (words: { confidence: number }[]): number =>
  words.length === 0
    ? 0
    : Math.round((words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length) * 10) / 10;
