import type { CorrectionExample } from '@image-organizer/adapters/catalog/catalog';
import type { Decision, LlmUsage } from '@image-organizer/contracts/decision';
import { PostponedError } from '@image-organizer/platform/errors';
import type { Classifier, FolderProfile, ImageToClassify } from './classifier.ts';
import type { Governor } from './governor.ts';
import {
  type LanguageModel,
  ModelBusyError,
  ModelDownError,
  ModelRefusalError,
  type ModelAnswer,
  type Prompt,
} from './language-model.ts';
import { type LlmAnswer, readAnswer } from './llm-answer.ts';
import { chooseCandidates, type LlmCandidate } from './llm-candidates.ts';
import { decisionOf } from './llm-decision.ts';
import { chooseExamples } from './llm-examples.ts';
import { promptVersion, saysLittle, writePrompt } from './llm-prompt.ts';
import type { LocalClassifier } from './local-classifier.ts';

export const callOutcomes = ['ok', 'invalid', 'refused', 'busy', 'timeout', 'unavailable'] as const;
export type CallOutcome = (typeof callOutcomes)[number];
/** `sure`: the local classifier was; `twin`: the bytes were known; `blind`: nothing that the model could look at. */
export const avoidedReasons = ['sure', 'twin', 'blind', 'spent', 'down'] as const;
export type AvoidedReason = (typeof avoidedReasons)[number];

export interface LlmReport {
  called(outcome: CallOutcome, usage: LlmUsage, problem?: string): void;
  avoided(reason: AvoidedReason): void;
}

export interface LlmClassifierOptions {
  model: LanguageModel;
  /** The first step, which spares calls, and what is left when the model does not answer. */
  local: LocalClassifier;
  governor: Governor;
  report: LlmReport;
  /** The owner's newest corrections, newest first. */
  corrections: (ownerId: string) => Promise<CorrectionExample[]>;
  /** A JPEG of at most 512 pixels; undefined where there is none. */
  thumbnails: (image: ImageToClassify) => Promise<Buffer | undefined>;
  config: {
    /** Confidence of the local classifier from which no call is made. */
    sureAbove: number;
    reviewBelow: number;
    whenDown: 'local' | 'wait';
    /** US dollars per million tokens. */
    prices: { prompt: number; completion: number };
  };
}

/** After a call without an answer, where the setting is to wait. */
const waitMs = 5_000;

/**
 * Asks a language model where the local classifier is not sure: one call for caption, tags and folder, one repair at
 * most. Whatever the model does, the image gets a decision (by the local classifier, which says so) or a PostponedError.
 */
export function createLlmClassifier(options: LlmClassifierOptions): Classifier {
  const { model, local, governor, report, corrections, thumbnails, config } = options;

  return {
    stamp: stampOf(model.name, local, config),
    async decide(image, folders, { signal }) {
      const own = await local.decide(image, folders, { signal });
      if (own.confidence >= config.sureAbove && !own.needsReview) return avoid('sure', own);
      const wantsPicture = model.takesImages() && saysLittle(image.text);
      const thumbnail = wantsPicture ? await thumbnails(image) : undefined;
      if (!image.text?.trim() && !thumbnail) return avoid('blind', own);
      const admission = await governor.admit(image.ownerId);
      if (admission.kind === 'go') return ask(image, folders, own, thumbnail, signal);
      if (admission.kind === 'later' || config.whenDown === 'wait')
        throw new PostponedError(`The language model: ${admission.reason}.`, admission.delayMs);
      return avoid(admission.kind, {
        ...withoutModel(own, `was not asked: ${admission.reason}`),
        stamp: unasked,
      });
    },
  };

  function avoid(reason: AvoidedReason, own: Decision): Decision {
    report.avoided(reason);
    return own;
  }

  async function ask(
    image: ImageToClassify,
    folders: FolderProfile[],
    own: Decision,
    thumbnail: Buffer | undefined,
    signal: AbortSignal,
  ): Promise<Decision> {
    const candidates = chooseCandidates(local.rankFolders(image, folders), folders);
    const examples = chooseExamples(await corrections(image.ownerId), image, candidates);
    const prompt = writePrompt(image, candidates, thumbnail, examples);
    const usage: LlmUsage = { calls: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 };
    const caller = createCaller(image.ownerId, usage, signal);
    try {
      const answer = await converse(prompt, candidates, caller);
      if (!answer) return { ...withoutModel(own, 'gave no valid answer'), needsReview: true, usage };
      const answered = { image, folders, candidates, answer, local: own, text: prompt.text, usage };
      return decisionOf({ ...answered, model: model.name }, config.reviewBelow);
    } catch (error) {
      return { ...afterError(error, own), usage };
    }
  }

  /** @returns a function that calls the model once and records what that cost */
  function createCaller(ownerId: string, usage: LlmUsage, signal: AbortSignal) {
    return async (prompt: Prompt, candidates: LlmCandidate[]) => {
      usage.calls += 1;
      const said = await model.ask(prompt, { signal }).catch((error: unknown) => {
        const outcome = outcomeOf(error);
        if (outcome) report.called(outcome, { ...free, calls: 1 }, (error as Error).message);
        throw error;
      });
      const spent = usageOf(said);
      usage.promptTokens += spent.promptTokens;
      usage.completionTokens += spent.completionTokens;
      usage.costUsd += spent.costUsd;
      const read = readAnswer(said.content, candidates);
      report.called('answer' in read ? 'ok' : 'invalid', spent);
      await governor.succeeded(ownerId, spent.promptTokens + spent.completionTokens);
      return { content: said.content, ...read };
    };
  }

  function usageOf({ promptTokens, completionTokens }: ModelAnswer): LlmUsage {
    const { prices } = config;
    const costUsd = (promptTokens * prices.prompt + completionTokens * prices.completion) / 1_000_000;
    return { calls: 1, promptTokens, completionTokens, costUsd };
  }

  /** @returns what to do without an answer. @throws PostponedError where it is to be had later; anything else as it is */
  function afterError(error: unknown, own: Decision): Decision {
    if (error instanceof ModelBusyError) {
      governor.pause(error.retryAfterMs);
      throw new PostponedError(error.message, error.retryAfterMs);
    }
    if (error instanceof ModelRefusalError) return withoutModel(own, 'refused this image');
    if (!(error instanceof ModelDownError)) throw error;
    governor.failed();
    if (config.whenDown === 'wait') throw new PostponedError(error.message, waitMs);
    return { ...withoutModel(own, 'did not answer'), stamp: unasked };
  }
}

/** Stamp of decisions that the model had no part in, though it should have: they are stale at once. */
const unasked = 'without the model';

const stampOf = (
  model: string,
  { stamp }: LocalClassifier,
  { sureAbove }: LlmClassifierOptions['config'],
): string => `${model} ${promptVersion}, asked below ${sureAbove}; ${stamp}`;

type Caller = (
  prompt: Prompt,
  candidates: LlmCandidate[],
) => Promise<{ content: string } & ReturnType<typeof readAnswer>>;

const free: LlmUsage = { calls: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 };

/** Asks, and once more with what was wrong. @returns undefined when that was wrong too */
async function converse(
  prompt: Prompt,
  candidates: LlmCandidate[],
  call: Caller,
): Promise<LlmAnswer | undefined> {
  const first = await call(prompt, candidates);
  if ('answer' in first) return first.answer;
  const repair = { answer: first.content, problem: first.problem };
  const second = await call({ ...prompt, repair }, candidates);
  return 'answer' in second ? second.answer : undefined;
}

/** The local decision, marked: it stays stamped `local`. */
const withoutModel = (own: Decision, what: string): Decision => ({
  ...own,
  reason: `${own.reason} (The language model ${what}; this was decided without it.)`,
});

function outcomeOf(error: unknown): CallOutcome | undefined {
  if (error instanceof ModelBusyError) return 'busy';
  if (error instanceof ModelRefusalError) return 'refused';
  return error instanceof ModelDownError ? error.kind : undefined;
}
