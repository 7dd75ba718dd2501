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
 * The language most paragraphs are in; hOCR alone tells it.
 * @param hocr null where one language is configured: then it is that
 */
export function mainLanguage(hocr: string | null, languages: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const [, language] of (hocr ?? '').matchAll(/class='ocr_par'[^>]* lang='([\w/-]+)'/g)) {
    counts.set(language!, (counts.get(language!) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? languages[0]!;
}
