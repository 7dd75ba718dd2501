import { messageOf } from '@image-organizer/platform/errors';
import { retryAfterMs } from '@image-organizer/platform/http/retry-after';
import type { Log } from '@image-organizer/platform/log';
import OpenAI, { APIError } from 'openai';
import { estimateTokens } from '../domain/cut-text.ts';
import {
  type LanguageModel,
  type ModelAnswer,
  ModelBusyError,
  ModelDownError,
  ModelRefusalError,
  type Prompt,
} from '../domain/language-model.ts';
import { answerFormats, type Features, messagesOf, requestOf, withoutRefused } from './openai-request.ts';

export interface OpenAiModelOptions {
  /** Up to and with `/v1`. */
  baseUrl: string;
  /** Ollama and vLLM need none. */
  apiKey?: string;
  model: string;
  /** `auto`: until the server refuses an image. */
  vision: 'auto' | 'on' | 'off';
  /** Of one call, its answer's last byte included. */
  timeoutMs: number;
  log: Log;
}

/**
 * A model behind any server that speaks OpenAI's chat completions (OpenAI, Ollama, vLLM, LocalAI). What the server says
 * that it lacks (JSON schemas, images, a parameter) it is not asked for again by this process.
 */
export function createOpenAiModel(options: OpenAiModelOptions): LanguageModel {
  const { model, vision, timeoutMs, log } = options;
  const client = createClient(options);
  const server = new URL(options.baseUrl).host;
  let features: Features = {
    answerFormat: answerFormats[0],
    images: vision !== 'off',
    tokenLimit: 'max_completion_tokens',
  };

  async function ask(prompt: Prompt, signal: AbortSignal): Promise<ModelAnswer> {
    const asked = features;
    // Without the picture there may be nothing left to go by.
    if (prompt.thumbnail && !asked.images)
      throw new ModelRefusalError(`${model} at ${server} takes no images`);
    // Ours rather than the client's: one limit for headers and body, and no guessing at its errors.
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const request = requestOf(model, prompt, asked);
      const bounded = { signal: AbortSignal.any([signal, timeout]) };
      return answerOf(prompt, await client.chat.completions.create(request, bounded));
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted)
        throw new ModelDownError(`${server} did not answer within ${timeoutMs} ms`, 'timeout');
      const fewer = error instanceof APIError && withoutRefused(error, asked, vision);
      if (!fewer) throw failureOf(error, server);
      log.info({ model, ...fewer }, 'the model’s server lacks a feature: going on without it');
      features = fewer;
      return ask(prompt, signal);
    }
  }

  return {
    name: model,
    takesImages: () => features.images,
    ask: (prompt, { signal }) => ask(prompt, signal),
  };
}

/** Nothing is taken from the environment, and nothing is tried again: the governor decides that. */
const createClient = ({ baseUrl, apiKey }: OpenAiModelOptions): OpenAI =>
  new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
  });

/** Servers promise little: a proxy's page is an answer without choices, and not all count tokens. */
function answerOf(prompt: Prompt, completion: OpenAI.ChatCompletion): ModelAnswer {
  const content = completion.choices?.[0]?.message?.content ?? '';
  const sent = () => JSON.stringify(messagesOf(prompt, 'text')).length / 4;
  return {
    content,
    promptTokens: completion.usage?.prompt_tokens ?? Math.ceil(sent()),
    completionTokens: completion.usage?.completion_tokens ?? estimateTokens(content),
  };
}

/** The prompt's fault: the next image may do better. 401, 403 and 404 are nobody's but the settings'. */
const refusals = [400, 413, 415, 422];

function failureOf(error: unknown, server: string): Error {
  const status = error instanceof APIError ? (error.status as number | undefined) : undefined;
  const said = `${server} answered ${status}`;
  if (status === undefined)
    return new ModelDownError(`${server} cannot be reached: ${reasonOf(error)}`, 'unavailable', {
      cause: error,
    });
  const delayMs = retryAfterMs((error as APIError).headers);
  if (delayMs !== undefined && (status === 429 || status === 503)) return new ModelBusyError(said, delayMs);
  return refusals.includes(status)
    ? new ModelRefusalError(said, { cause: error })
    : new ModelDownError(said, 'unavailable', { cause: error });
}

/** `fetch failed` says nothing; its cause does (ECONNREFUSED). */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : reasonOf(cause);
}
