import type { CorrectionExample } from '@image-organizer/adapters/catalog/catalog';
import type { ImageToClassify } from './classifier.ts';
import { estimateTokens } from './cut-text.ts';
import { type LlmCandidate, oneLine } from './llm-candidates.ts';
import { isStopWord, wordsOf } from './words.ts';

/** Of so many of the owner's newest corrections the most telling are chosen. */
export const newestCorrections = 50;
const mostExamples = 5;
/** Tokens, about, of all of them: a prompt costs no more, however much was corrected. */
const exampleTokens = 100;
const longestFilename = 30;
const longestCaption = 60;

/**
 * What the owner's corrections say of an image: one line each (file name, caption, folder), those first that it shares words with, then the newest.
 * Corrections into folders that the model may not choose say nothing.
 * @param corrections newest first
 */
export function chooseExamples(
  corrections: CorrectionExample[],
  image: ImageToClassify,
  candidates: LlmCandidate[],
): string[] {
  const labels = new Map(candidates.map(({ path, label }) => [path, label]));
  const words = new Set(tellingWords(`${image.filename} ${image.text ?? ''}`));
  const chosen = corrections
    .filter(({ folder }) => labels.has(folder))
    .map((correction) => ({
      line: lineOf(correction, labels.get(correction.folder)!),
      shared: tellingWords(`${correction.filename} ${correction.caption ?? ''}`).filter((word) =>
        words.has(word),
      ).length,
    }))
    .sort((one, other) => other.shared - one.shared)
    .slice(0, mostExamples)
    .map(({ line }) => line);
  while (estimateTokens(chosen.join('\n')) > exampleTokens) chosen.pop();
  return chosen;
}

const lineOf = ({ filename, caption }: CorrectionExample, folder: string): string =>
  JSON.stringify([oneLine(filename, longestFilename), oneLine(caption ?? '', longestCaption), folder]);

const tellingWords = (text: string): string[] =>
  [...new Set(wordsOf(text.slice(0, 20_000)))].filter((word) => word.length > 2 && !isStopWord(word));
