import type { Line, Reading } from '../src/domain/ocr-engine.ts';
import { meanConfidence } from '../src/domain/text-rules.ts';

/** A reading of lines of [word, confidence], every word `height` pixels high. */
export function readingOf(lines: [string, number][][], height = 30): Reading {
  const box = { left: 0, top: 0, right: 100, bottom: height };
  const made = lines.map((words): Line => ({
    text: words.map(([text]) => text).join(' '),
    confidence: 0,
    box,
    words: words.map(([text, confidence]) => ({ text, confidence, box })),
  }));
  const confidence = meanConfidence(made.flatMap(({ words }) => words));
  return { text: made.map(({ text }) => text).join('\n'), lines: made, confidence, language: 'eng' };
}
