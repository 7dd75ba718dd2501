import type { Decision, LlmUsage } from '@image-organizer/contracts/decision';
import { unsortedFolder } from '@image-organizer/contracts/folder-path';
import type { FolderProfile, ImageToClassify } from './classifier.ts';
import type { CutText } from './cut-text.ts';
import { tidyTags } from './describe-image.ts';
import type { LlmAnswer } from './llm-answer.ts';
import { type LlmCandidate, oneLine } from './llm-candidates.ts';
import { promptVersion } from './llm-prompt.ts';
import { comparable } from './rank-folders.ts';
import { target, targetUnsorted } from './target.ts';

/** Letters of what the model writes for people. */
const longest = { caption: 300, reason: 300, description: 200, word: 40 } as const;
const mostWords = 15;
const mostSuggestions = 5;

/** A folder, existing or new, that the model named. */
type Choice = Pick<LlmCandidate, 'path' | 'description' | 'commonWords' | 'matchedWords'>;

export interface AnsweredImage {
  image: ImageToClassify;
  /** All of the owner's. */
  folders: FolderProfile[];
  candidates: LlmCandidate[];
  answer: LlmAnswer;
  /** What the local classifier would do. */
  local: Decision;
  text: CutText;
  usage: LlmUsage;
  model: string;
}

/** @param reviewBelow confidence under which the image goes to Unsorted for a person to look at */
export function decisionOf(answered: AnsweredImage, reviewBelow: number): Decision {
  const { image, folders, candidates, answer, local, text, usage, model } = answered;
  const choice = choiceOf(answered);
  const confidence = choice ? answer.confidence : 0;
  const placed = choice && confidence >= reviewBelow ? choice : undefined;
  return {
    filename: image.filename,
    ...(placed ? target(placed.path, folders, placed) : targetUnsorted(folders)),
    caption: oneLine(answer.caption, longest.caption) || local.caption,
    tags: tidyTags(answer.tags.map((tag) => oneLine(tag, longest.word))),
    confidence,
    reason: reasonOf(answer.reason, placed === undefined, text),
    runnerUp: runnerUpOf(local, placed?.path, confidence),
    matchedWords: choice?.matchedWords ?? [],
    needsReview: placed === undefined,
    suggestions: [
      ...new Set([...(choice ? [choice.path] : []), ...candidates.map(({ path }) => path)]),
    ].slice(0, mostSuggestions),
    model,
    promptVersion,
    usage,
  };
}

/** A new folder that is called as an existing one, but for case, plural and punctuation, is that one. */
function choiceOf({ answer: { choice }, folders }: AnsweredImage): Choice | undefined {
  if (choice.kind === 'unclear') return undefined;
  if (choice.kind === 'candidate') return choice.candidate;
  if (comparable(choice.path) === comparable(unsortedFolder)) return undefined;
  const same = folders.find(({ path }) => comparable(path) === comparable(choice.path));
  return {
    path: same?.path ?? choice.path,
    description: oneLine(choice.description, longest.description),
    commonWords: choice.commonWords.slice(0, mostWords).map((word) => oneLine(word, longest.word)),
    matchedWords: [],
  };
}

function reasonOf(reason: string, unsure: boolean, { shown, total }: CutText): string {
  return [
    unsure && 'The model was not sure:',
    oneLine(reason, longest.reason),
    shown < total && `(It was shown ${shown} of the text’s ${total} characters.)`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The local classifier's opinion, where it is another; its confidence is on another scale, so the rest is its most. */
function runnerUpOf(local: Decision, path: string | undefined, confidence: number): Decision['runnerUp'] {
  const first = local.needsReview ? null : { folder: local.toDir, confidence: local.confidence };
  const other = [first, local.runnerUp].find((ranked) => ranked && ranked.folder !== path);
  return other ? { ...other, confidence: Math.min(other.confidence, 1 - confidence) } : null;
}
