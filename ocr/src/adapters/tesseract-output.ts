import type { Box, Line, Reading, Word } from '../domain/ocr-engine.ts';
import type { GreyPixels } from '../domain/pixels.ts';
import { meanConfidence } from '../domain/text-rules.ts';

/** Binary PGM: Leptonica reads it without decoding. */
export const toPgm = ({ data, width, height }: GreyPixels): Uint8Array =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]);

/** Columns of tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
const wordLevel = '5';

/** @param tsv tesseract's, the words in reading order */
export function readingFromTsv(tsv: string, language: string): Reading {
  const byLine = new Map<string, Word[]>();
  for (const columns of tsv.split('\n').map((row) => row.split('\t'))) {
    const text = columns[11]?.trim();
    if (columns[0] !== wordLevel || !text) continue; // an image without text has one blank word
    const line = columns.slice(1, 5).join();
    byLine.set(line, [
      ...(byLine.get(line) ?? []),
      { text, confidence: Number(columns[10]), box: boxFrom(columns) },
    ]);
  }
  const lines = [...byLine.values()].map(lineOf);
  return {
    text: lines.map(({ text }) => text).join('\n'),
    lines,
    confidence: meanConfidence(lines.flatMap(({ words }) => words)),
    language,
  };
}

function boxFrom(columns: string[]): Box {
  const [left, top, width, height] = columns.slice(6, 10).map(Number) as [number, number, number, number];
  return { left, top, right: left + width, bottom: top + height };
}

const lineOf = (words: Word[]): Line => ({
  text: words.map(({ text }) => text).join(' '),
  confidence: meanConfidence(words),
  box: {
    left: Math.min(...words.map(({ box }) => box.left)),
    top: Math.min(...words.map(({ box }) => box.top)),
    right: Math.max(...words.map(({ box }) => box.right)),
    bottom: Math.max(...words.map(({ box }) => box.bottom)),
  },
  words,
});

/**
 * The language most words are in. Only hOCR tells it: a paragraph names one, a word its own where it differs.
 * @param hocr null where one language is configured: then it is that
 */
export function mainLanguage(hocr: string | null, languages: readonly string[]): string {
  const counts = new Map<string, number>();
  let ofParagraph = languages[0]!;
  for (const [tag, kind] of (hocr ?? '').matchAll(/<\w+ class='(ocr_par|ocrx_word)'[^>]*>/g)) {
    const language = / lang='([^']+)'/.exec(tag)?.[1] ?? ofParagraph;
    if (kind === 'ocr_par') ofParagraph = language;
    else counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ofParagraph;
}
