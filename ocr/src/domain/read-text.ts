import type { OcrEngine, Reading, Word } from './ocr-engine.ts';
import { turnedHalf, type GreyPixels } from './pixels.ts';
import { letterCount, noText, textOf, wordsOf, type ImageText } from './text-rules.ts';

export interface TextReader {
  engine: OcrEngine;
  /** Makes the image larger by the factor. */
  enlarge(image: GreyPixels, factor: number): Promise<GreyPixels>;
}

/** Longest side that is read, in pixels: larger costs time and memory and reads no better. */
export const longestReadSide = 2400;
/** In an image narrower than this no letter fits, and the engine chokes on some. */
const leastSide = 10;
/** Words this low, in pixels, are read badly; at the wanted height they are read best. Measured: see the README. */
const tiny = { height: 8, wanted: 24, mostFactor: 3, leastFactor: 1.3 };
/** From this mean confidence on the second reading gains too little for its time. */
const surelyRead = 85;
/** A page is read at 70 and more, the same page upside down at 45 and less. */
const upsideDown = { confidence: 55, words: 3 };

/**
 * The text of an image whose long side is at most `longestReadSide`. Most images are read once. Tiny words are enlarged
 * and read again. The engine reads a page turned by a quarter in one direction by itself; what is doubtful is read once
 * more turned by a half, which covers the rest. The best reading stays.
 */
export async function readText(
  reader: TextReader,
  image: GreyPixels,
  signal: AbortSignal,
): Promise<ImageText> {
  if (Math.min(image.width, image.height) < leastSide) return noText;
  let best = await read(reader.engine, image, signal);
  const factor = enlargement(best);
  if (factor > 1) best = better(best, await read(reader.engine, await reader.enlarge(image, factor), signal));
  if (looksUpsideDown(best)) best = better(best, await read(reader.engine, turnedHalf(best.image), signal));
  return textOf(best.reading);
}

/** A reading and what was read. */
interface Read {
  image: GreyPixels;
  reading: Reading;
}

const read = async (engine: OcrEngine, image: GreyPixels, signal: AbortSignal): Promise<Read> => ({
  image,
  reading: await engine.recognize(image, { signal }),
});

/** @returns 1 to leave it as it is */
function enlargement({ image, reading }: Read): number {
  const height = medianHeight(wordsOf(reading));
  if (height === undefined || height > tiny.height || reading.confidence >= surelyRead) return 1;
  const most = Math.min(tiny.mostFactor, longestReadSide / Math.max(image.width, image.height));
  return most < tiny.leastFactor ? 1 : Math.min(most, tiny.wanted / height);
}

/** The shorter side: on a page turned by a quarter words stand upright. */
const medianHeight = (words: Word[]): number | undefined =>
  words
    .map(({ box }) => Math.min(box.right - box.left, box.bottom - box.top))
    .sort((a, b) => a - b)
    .at(words.length >> 1);

const looksUpsideDown = ({ reading }: Read) =>
  reading.confidence < upsideDown.confidence && wordsOf(reading).length >= upsideDown.words;

const better = (one: Read, other: Read) => (credit(other) > credit(one) ? other : one);

/** Many letters read surely beat a few, and beat many guesses. */
const credit = ({ reading }: Read) =>
  wordsOf(reading).reduce((sum, word) => sum + letterCount(word) * word.confidence ** 2, 0);
