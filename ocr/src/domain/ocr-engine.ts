import type { GreyPixels } from './pixels.ts';

/** Pixels from the top left corner of the image that was given; `right` and `bottom` are exclusive. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Word {
  text: string;
  /** 0 to 100. */
  confidence: number;
  box: Box;
}

export interface Line {
  text: string;
  /** 0 to 100: mean of its words. */
  confidence: number;
  box: Box;
  words: Word[];
}

/** All that the engine believes to see; text-rules.ts decides what of it is text. */
export interface Reading {
  text: string;
  /** In reading order. */
  lines: Line[];
  /** 0 to 100: mean of all words, 0 without any. */
  confidence: number;
  /** ISO 639-3, as tesseract names languages. */
  language: string;
}

/** The engine could not read this image: it broke, or took too long. The next image is not touched by it. */
export class OcrError extends Error {
  override name = 'OcrError';
}

/** Finds text in images. Adapter: tesseract. */
export interface OcrEngine {
  /** @throws OcrError, or the reason of an aborted signal */
  recognize(image: GreyPixels, options: { signal: AbortSignal }): Promise<Reading>;
  /** Ends every worker. What is under way is rejected. */
  close(): Promise<void>;
}
